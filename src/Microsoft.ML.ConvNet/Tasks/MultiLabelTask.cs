using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>
/// Which of several labels an image has, none of which excludes another: a column of vectors of Boolean, or of Single from 0 to 1, as the label; columns of
/// the probabilities and of the labels whose probability is over a half. Networks end in a sigmoid.
/// </summary>
/// <param name="count">How many labels.</param>
/// <param name="names">Their names; null where they have none.</param>
internal sealed class MultiLabelTask(int count, IReadOnlyList<string>? names) : NumbersTask(count, names)
{
    private const float Half = 0.5f;

    /// <summary>What is known before there are rows.</summary>
    public static LearningTask Learning { get; } = new Definition();

    /// <inheritdoc/>
    public override ConvNetTask Kind => ConvNetTask.MultiLabel;

    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant($"{OutputCount} labels");

    /// <inheritdoc/>
    public override (string Outputs, string Ending) Wanted(string label) =>
        ($"one output for each of the {OutputCount} labels of the column \"{label}\"", $"Dense({OutputCount}).Sigmoid()");

    /// <inheritdoc/>
    public override Network End(Network network, ConvNetTrainingOptions options) => network.Nodes[^1].Layer is not Softmax
        ? NetworkEnd.ToProbabilities(network, new Sigmoid(), options.InitialWeights, said: null)
        : throw new ArgumentException(
            "A network of labels that do not exclude one another ends in a sigmoid, or in a layer behind which one is put. Received: one that ends in a softmax.");

    /// <inheritdoc/>
    public override Loss LossOf(ConvNetTrainingOptions options) => new BinaryCrossEntropy();

    /// <inheritdoc/>
    public override DataViewSchema Append(DataViewSchema input, ScoringColumns columns)
    {
        PredictionAnnotations annotations = PredictionAnnotations.For(input, AnnotationNames.MultiLabelClassification);
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        builder.AddColumn(
            columns.Score, new VectorDataViewType(NumberDataViewType.Single, OutputCount), annotations.Of(AnnotationNames.Score, AddNames));
        builder.AddColumn(
            columns.PredictedLabel!,
            new VectorDataViewType(BooleanDataViewType.Instance, OutputCount),
            annotations.Of(AnnotationNames.PredictedLabel, AddNames));
        return builder.ToSchema();
    }

    /// <inheritdoc/>
    public override SchemaShape Append(SchemaShape input, ScoringColumns columns) => Append(input, columns, Names.Count > 0);

    /// <inheritdoc/>
    public override void AddGetters(NetworkOutputs outputs, ReadOnlySpan<bool> marks, Span<Delegate?> getters)
    {
        getters[0] = marks[0] ? (ValueGetter<VBuffer<float>>)outputs.Get : null;
        getters[1] = marks[1] ? (ValueGetter<VBuffer<bool>>)Flags : null;

        void Flags(ref VBuffer<bool> flags)
        {
            ReadOnlySpan<float> probabilities = outputs.Values;
            VBufferEditor<bool> editor = VBufferEditor.Create(ref flags, probabilities.Length);
            for (int i = 0; i < probabilities.Length; i++)
            {
                editor.Values[i] = probabilities[i] > Half;
            }

            flags = editor.Commit();
        }
    }

    /// <inheritdoc/>
    public override TaskSettings Describe() => new(Kind, OutputCount) { LabelValues = Names.Count > 0 ? Names : null };

    /// <inheritdoc/>
    protected override string? RangeOf(float value) => value is >= 0 and <= 1 ? null : "a number from 0 to 1";

    /// <inheritdoc/>
    protected override PredictionTask Like(IExceptionContext context, DataViewSchema.Column label) => Of(context, label);

    private static SchemaShape Append(SchemaShape input, ScoringColumns columns, bool areNamed) => SchemaColumns.Append(
        input,
        SchemaColumns.Prediction(columns.Score, VectorKind.Vector, NumberDataViewType.Single, NamesOf(areNamed)),
        SchemaColumns.Prediction(columns.PredictedLabel!, VectorKind.Vector, BooleanDataViewType.Instance, NamesOf(areNamed)));

    private static MultiLabelTask Of(IExceptionContext context, DataViewSchema.Column label) => label.Type switch
    {
        VectorDataViewType { IsKnownSize: true, Size: <= MaximumCount } vector
            when vector.ItemType == NumberDataViewType.Single || vector.ItemType == BooleanDataViewType.Instance =>
            new MultiLabelTask(vector.Size, SlotNamesOf(label)),
        _ => throw context.Mismatch(NoFlags(label.Name, label.Type.ToString()!)),
    };

    private static string NoFlags(string column, string received) =>
        $"The label column \"{column}\" holds vectors of known size of Boolean, or of Single from 0 to 1: a value a label. Received: {received}; of a "
        + "column of texts, OneHotEncoding and a sum, or CustomMapping, make such vectors.";

    private sealed class Definition : LearningTask
    {
        public override void CheckShape(IExceptionContext context, SchemaShape.Column label, string text)
        {
            if (label.Kind != VectorKind.Vector || label.IsKey
                || (label.ItemType != NumberDataViewType.Single && label.ItemType != BooleanDataViewType.Instance))
            {
                throw context.Mismatch(NoFlags(label.Name, text));
            }
        }

        public override SchemaShape Append(SchemaShape input, SchemaShape.Column label, ScoringColumns columns) =>
            MultiLabelTask.Append(input, columns, IsNamed(label));

        public override PredictionTask Of(IExceptionContext context, IDataView rows, DataViewSchema.Column label) => MultiLabelTask.Of(context, label);
    }
}
