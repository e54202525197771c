#nullable disable
using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(Microsoft.ML.ITransformer),
    typeof(CustomMapping),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "Custom mapping",
    CustomMapping.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Adds columns that an action computes.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(
        IHostEnvironment env,
        Action<TSrc, TDst> mapAction,
        string contractName,
        SchemaDefinition inputSchemaDefinition,
        SchemaDefinition outputSchemaDefinition)
        : base(
            env.Register("CustomMappingEstimator"),
            new CustomMappingTransformer<TSrc, TDst>(
                env, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        foreach (RowBinding input in Transformer.BindInput())
        {
            SchemaShape.Column column = inputSchema.Require(Host, input.Name);
            SchemaShape.GetColumnTypeShape(input.Type, out SchemaShape.Column.VectorKind kind, out DataViewType item, out bool isKey);
            bool anyLength = kind == SchemaShape.Column.VectorKind.VariableVector
                && column.Kind != SchemaShape.Column.VectorKind.Scalar;
            bool fits = item.Equals(column.ItemType) && isKey == column.IsKey && (kind == column.Kind || anyLength);
            if (!fits)
            {
                throw Host.ExceptSchemaMismatch(
                    nameof(inputSchema), "input", input.Name, input.Type.ToString(), column.GetTypeString());
            }
        }

        return inputSchema.With(SchemaShape.Create(RowBinding.SchemaOf(Transformer.Output)));
    }
}

/// <summary>Adds columns that an action computes.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : RowToRowTransformerBase
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _map;
    private readonly string _contractName;
    private readonly SchemaDefinition _inputDefinition;

    internal CustomMappingTransformer(
        IHostEnvironment env,
        Action<TSrc, TDst> mapAction,
        string contractName,
        SchemaDefinition inputSchemaDefinition,
        SchemaDefinition outputSchemaDefinition)
        : base(env.Register("CustomMappingTransformer"))
    {
        Host.CheckValue(mapAction, nameof(mapAction));
        _map = mapAction;
        _contractName = contractName;
        _inputDefinition = inputSchemaDefinition;
        Output = RowBinding.Bind(typeof(TDst), outputSchemaDefinition, SchemaDefinition.Direction.Write);
    }

    internal RowBinding[] Output { get; }

    internal RowBinding[] BindInput() => RowBinding.Bind(typeof(TSrc), _inputDefinition, SchemaDefinition.Direction.Both);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.Check(_contractName is not null, "Empty contract name for a transform: the transform cannot be saved");
        ctx.SetVersionInfo(CustomMapping.Version);
        ctx.SaveString(_contractName);
        ctx.SaveString(_map.Method.DeclaringType.Assembly.FullName);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) =>
        new Mapper(this, inputSchema, new MemberSetters<TSrc>(Host, inputSchema, ignoreMissingColumns: false, _inputDefinition));

    private sealed class Mapper : RowMapper
    {
        private readonly CustomMappingTransformer<TSrc, TDst> _owner;
        private readonly MemberSetters<TSrc> _setters;

        public Mapper(CustomMappingTransformer<TSrc, TDst> owner, DataViewSchema schema, MemberSetters<TSrc> setters)
            : base(schema)
        {
            _owner = owner;
            _setters = setters;
            OutputColumns = [.. RowBinding.SchemaOf(owner.Output).Select(column => new DataViewSchema.DetachedColumn(column))];
        }

        public override DataViewSchema.DetachedColumn[] OutputColumns { get; }

        public override IEnumerable<int> SourcesOf(int output) => _setters.Columns.Select(column => column.Index);

        public override Delegate MakeGetter(DataViewRow input, int output, out Action disposer) =>
            MakeGetters(input, i => i == output, out disposer)[output];

        /// <summary>The action runs once a row, however many of its columns are read.</summary>
        public override Delegate[] MakeGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer)
        {
            disposer = null;
            var getters = new Delegate[OutputColumns.Length];
            if (!Enumerable.Range(0, getters.Length).Any(isActive))
            {
                return getters;
            }

            Action<TSrc> fill = _setters.Bind(input);
            var source = new TSrc();
            var target = new TDst();
            long served = -1;
            TDst Current()
            {
                if (served != input.Position)
                {
                    fill(source);
                    _owner._map(source, target);
                    served = input.Position;
                }

                return target;
            }

            for (int i = 0; i < getters.Length; i++)
            {
                getters[i] = isActive(i) ? MemberGetters.Create(_owner.Output[i], Current) : null;
            }

            return getters;
        }
    }
}

/// <summary>How custom mappings are read from files: by the name of their factory.</summary>
internal static class CustomMapping
{
    public const string LoaderSignature = "CustomTransformer";

    public static VersionInfo Version => StandInVersion.Create("CUSTOMXF", LoaderSignature);

    public static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        string contractName = ctx.LoadString();
        env.ComponentCatalog.RegisterAssembly(Assembly.Load(ctx.LoadString()));
        Type factory = env.ComponentCatalog.Extensions.GetValueOrDefault(contractName)
            ?? throw env.Except($"Unable to locate a custom mapping factory for the contract name '{contractName}'");
        return ((ICustomMappingFactory)Activator.CreateInstance(factory)).CreateTransformer(env, contractName);
    }
}
