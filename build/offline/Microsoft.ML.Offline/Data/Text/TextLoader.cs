#nullable disable
using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: Microsoft.ML.LoadableClass(
    typeof(TextLoader),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "Text Loader",
    TextLoader.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Loads lines of fields as rows.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    internal const string LoaderSignature = "TextLoader";

    private readonly IHost _host;
    private readonly TextFormat _format;
    private readonly TextColumn[] _columns;

    internal TextLoader(IHostEnvironment env, Options options, IMultiStreamSource dataSample)
    {
        _host = env.Register(nameof(TextLoader));
        options ??= new Options();
        if (options.Columns is not { Length: > 0 })
        {
            options = EmbeddedOptions.ReadOrDefault(_host, dataSample, options);
        }

        _format = new TextFormat(_host, options);
        IMultiStreamSource headerSource = string.IsNullOrWhiteSpace(options.HeaderFile)
            ? dataSample
            : new MultiFileSource(options.HeaderFile);
        _columns = TextColumn.Bind(_host, _format, options, dataSample, headerSource);
    }

    private TextLoader(IHost host, ModelLoadContext ctx)
    {
        _host = host;
        _format = new TextFormat(ctx);
        _columns = [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => new TextColumn(ctx))];
    }

    private static VersionInfo Version => StandInVersion.Create("TXTLOADR", LoaderSignature);

    public DataViewSchema GetOutputSchema()
    {
        var builder = new DataViewSchema.Builder();
        foreach (TextColumn column in _columns)
        {
            builder.AddColumn(column.Name, column.Type, column.MakeAnnotations());
        }

        return builder.ToSchema();
    }

    public IDataView Load(IMultiStreamSource source)
    {
        _host.CheckValue(source, nameof(source));
        return new TextDataView(_host, _format, _columns, GetOutputSchema(), source);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        _format.Save(ctx);
        ctx.Writer.Write(_columns.Length);
        foreach (TextColumn column in _columns)
        {
            column.Save(ctx);
        }
    }

    internal static TextLoader Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new TextLoader(env.Register(nameof(TextLoader)), ctx);
    }

    /// <summary>A loader for the members of a class, each marked with <see cref="LoadColumnAttribute"/>.</summary>
    internal static TextLoader CreateFor<TInput>(IHostEnvironment env, Options options, IMultiStreamSource dataSample)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        MemberInfo[] members =
        [
            .. typeof(TInput).GetFields(Public),
            .. typeof(TInput).GetProperties(Public).Where(property =>
                property.GetGetMethod() is not null && property.GetIndexParameters().Length == 0),
        ];
        env.CheckParam(
            members.Length > 0, nameof(TInput), $"Should define at least one public, readable field or property in {nameof(TInput)}.");
        options.Columns = [.. members.Select(member => ColumnOf(env, member))];
        return new TextLoader(env, options, dataSample);
    }

    private static Column ColumnOf(IHostEnvironment env, MemberInfo member)
    {
        string kind = member is FieldInfo ? "Field" : "Property";
        LoadColumnAttribute load = member.GetCustomAttribute<LoadColumnAttribute>()
            ?? throw env.Except($"{kind} '{member.Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
        Type type = MemberTypes.TypeOf(member);
        PrimitiveDataViewType item = ColumnTypeExtensions.PrimitiveTypeOrNull(type.IsArray ? type.GetElementType() : type);
        env.Check(item is not null and not RowIdDataViewType, $"{kind} {member.Name} is of unsupported type.");
        return new Column
        {
            Name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name,
            DataKind = ColumnTypeExtensions.KindOf(item),
            Source = load.Sources,
            KeyCount = member.GetCustomAttribute<KeyTypeAttribute>() is KeyTypeAttribute key ? new KeyCount(key.Count) : null,
        };
    }
}
