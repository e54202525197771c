#nullable disable
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column of a row class: its name and type, and how its member is read and written.</summary>
internal sealed class RowBinding
{
    private Delegate _reader;
    private Delegate _writer;

    private RowBinding(SchemaDefinition.Column column, MemberInfo member, DataViewType type)
    {
        Name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        Member = member;
        Type = type;
        Annotations = column.Annotations;
    }

    public string Name { get; }

    public MemberInfo Member { get; }

    public Type MemberType => MemberTypes.TypeOf(Member);

    public DataViewType Type { get; }

    public DataViewSchema.Annotations Annotations { get; }

    /// <summary>The columns of a class, as a definition says or as its members are.</summary>
    public static RowBinding[] Bind(Type rowType, SchemaDefinition definition, SchemaDefinition.Direction direction)
    {
        definition ??= SchemaDefinition.Create(rowType, direction);
        return [.. definition.Select(column => Bind(rowType, column))];
    }

    public static DataViewSchema SchemaOf(RowBinding[] bindings)
    {
        var builder = new DataViewSchema.Builder();
        foreach (RowBinding binding in bindings)
        {
            builder.AddColumn(binding.Name, binding.Type, binding.Annotations);
        }

        return builder.ToSchema();
    }

    /// <summary>Reads the member; made once.</summary>
    public Func<TRow, TValue> Reader<TRow, TValue>() => (Func<TRow, TValue>)(_reader ??= MakeReader<TRow, TValue>());

    /// <summary>Writes the member; made once.</summary>
    public Action<TRow, TValue> Writer<TRow, TValue>() => (Action<TRow, TValue>)(_writer ??= MakeWriter<TRow, TValue>());

    private Func<TRow, TValue> MakeReader<TRow, TValue>()
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, Member), row).Compile();
    }

    private Action<TRow, TValue> MakeWriter<TRow, TValue>()
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow));
        ParameterExpression value = Expression.Parameter(typeof(TValue));
        return Expression.Lambda<Action<TRow, TValue>>(
            Expression.Assign(Expression.MakeMemberAccess(row, Member), value), row, value).Compile();
    }

    private static RowBinding Bind(Type rowType, SchemaDefinition.Column column)
    {
        if (column.MemberName is null)
        {
            throw Failures.Param("userSchemaDefinition", "Null field name detected in schema definition");
        }

        MemberInfo member = (MemberInfo)rowType.GetField(column.MemberName) ?? rowType.GetProperty(column.MemberName)
            ?? throw Failures.Param(
                "userSchemaDefinition", $"No field or property with name '{column.MemberName}' found in type '{rowType.FullName}'");
        if (column.ColumnType is null)
        {
            return new RowBinding(column, member, MemberTypes.ColumnTypeOf(MemberTypes.TypeOf(member)));
        }

        (bool isVector, Type itemType) = MemberTypes.ShapeOf(member);
        if (isVector != column.ColumnType is VectorDataViewType)
        {
            throw Failures.Param(
                "userSchemaDefinition",
                $"Column '{column.ColumnName}' is supposed to be {(isVector ? "scalar" : "vector")}, but type of associated field '{column.MemberName}' is {(isVector ? "vector" : "scalar")}");
        }

        DataViewType item = column.ColumnType.GetItemType();
        if (item.RawType != itemType)
        {
            throw Failures.Param(
                "userSchemaDefinition",
                $"Column '{column.ColumnName}' is supposed to have item type {item.RawType}, but associated field has type {itemType}");
        }

        return new RowBinding(column, member, column.ColumnType);
    }
}
