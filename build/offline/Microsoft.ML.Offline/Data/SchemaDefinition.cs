#nullable disable
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which members of a row class are columns, of which names and types.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    /// <summary>Whether members are read, written, or both.</summary>
    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName]
    {
        get => this.FirstOrDefault(column => column.ColumnName == columnName);
        set
        {
            if (value.ColumnName != columnName)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(columnName),
                    $"The column name is specified as '{value.ColumnName}' but must match the selector '{columnName}'.");
            }

            int index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
            {
                this[index] = value;
            }
            else
            {
                Add(value);
            }
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);
        var definition = new SchemaDefinition();
        foreach (MemberInfo member in MembersOf(userType, direction))
        {
            string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (definition[name] is not null)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(userType), $"Duplicate column name '{name}' detected, this is disallowed");
            }

            definition.Add(new Column(member.Name, MemberTypes.ColumnTypeOf(member), name));
        }

        return definition;
    }

    private static IEnumerable<MemberInfo> MembersOf(Type type, Direction direction)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        bool reads = direction.HasFlag(Direction.Read);
        bool writes = direction.HasFlag(Direction.Write);
        IEnumerable<MemberInfo> properties = type.GetProperties(Public).Where(property =>
            property.GetIndexParameters().Length == 0
            && ((reads && property.GetGetMethod() is not null) || (writes && property.GetSetMethod() is not null)));
        return type.GetFields(Public).Concat(properties).Where(member =>
            MemberTypes.TypeOf(member) != typeof(IChannel) && member.GetCustomAttribute<NoColumnAttribute>() is null);
    }

    /// <summary>One member as a column.</summary>
    public sealed class Column
    {
        private readonly DataViewSchema.Annotations.Builder _annotations = new();
        private readonly HashSet<string> _kinds = [];

        internal Column(string memberName, DataViewType columnType, string columnName = null)
        {
            MemberName = memberName;
            ColumnName = columnName ?? memberName;
            ColumnType = columnType;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations => _annotations.ToAnnotations();

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            if (!_kinds.Add(kind))
            {
                throw new InvalidOperationException("Column already contains an annotation of this kind.");
            }

            Delegate getter = MemberTypes.ConstantGetter(value);
            DataViewType type = annotationType ?? MemberTypes.ColumnTypeOf(typeof(T));
            if (getter.GetType().GetGenericArguments()[0] != type.RawType)
            {
                throw new InvalidOperationException(
                    $"An annotation of type {type} cannot hold a value of type {typeof(T)}.");
            }

            _annotations.Add(kind, type, getter);
        }

        internal void CopyAnnotations(DataViewSchema.Annotations annotations) =>
            _annotations.Add(annotations, _kinds.Add);
    }
}
