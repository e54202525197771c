using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>A number, or several: a column of Single, or of vectors of them, as the label; the score is what is predicted of it.</summary>
/// <param name="count">How many numbers.</param>
/// <param name="isVector">Whether they are a vector; else it is one number.</param>
/// <param name="names">The names of the numbers of a vector; null where they have none.</param>
internal sealed class RegressionTask(int count, bool isVector, IReadOnlyList<string>? names) : NumbersTask(count, names)
{
    /// <summary>What is known before there are rows.</summary>
    public static LearningTask Learning { get; } = new Definition();

    /// <inheritdoc/>
    public override ConvNetTask Kind => ConvNetTask.Regression;

    /// <inheritdoc/>
    public override string Text => OutputCount == 1 ? "a number to be learnt" : FormattableString.Invariant($"{OutputCount} numbers to be learnt");

    /// <inheritdoc/>
    public override (string Outputs, string Ending) Wanted(string label) =>
        (FormattableString.Invariant($"{OutputCount} {(OutputCount == 1 ? "output" : "outputs")} for the label column \"{label}\""), $"Dense({OutputCount})");

    /// <inheritdoc/>
    public override Network End(Network network, ConvNetTrainingOptions options) => network.Nodes[^1].Layer is not Softmax
        ? network
        : throw new ArgumentException(
            "A network that predicts numbers ends in a layer that can give them, such as Dense. Received: one that ends in a softmax, whose outputs are shares of 1.");

    /// <inheritdoc/>
    public override Loss LossOf(ConvNetTrainingOptions options) => ((ConvNetRegressionTrainer.Options)options).Loss ?? new SquaredError();

    /// <inheritdoc/>
    public override TargetScaling? ScalingFor(Network network, ConvNetTrainingOptions options, ImageDataset training) =>
        options.InitialWeights is null && TargetScaling.CanTakeIn(network) ? TargetScaling.Measure(training) : null;

    /// <inheritdoc/>
    public override DataViewSchema Append(DataViewSchema input, ScoringColumns columns)
    {
        PredictionAnnotations annotations = PredictionAnnotations.For(
            input, isVector ? AnnotationNames.MultiOutputRegression : AnnotationNames.Regression);
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        builder.AddColumn(
            columns.Score,
            isVector ? new VectorDataViewType(NumberDataViewType.Single, OutputCount) : NumberDataViewType.Single,
            annotations.Of(AnnotationNames.Score, AddNames));
        return builder.ToSchema();
    }

    /// <inheritdoc/>
    public override SchemaShape Append(SchemaShape input, ScoringColumns columns) => Append(input, columns, isVector, Names.Count > 0);

    /// <inheritdoc/>
    public override void AddGetters(NetworkOutputs outputs, ReadOnlySpan<bool> marks, Span<Delegate?> getters) => getters[0] = isVector
        ? (ValueGetter<VBuffer<float>>)outputs.Get
        : (ValueGetter<float>)((ref float value) => value = outputs.Values[0]);

    /// <inheritdoc/>
    public override TaskSettings Describe() => new(Kind, OutputCount) { IsVector = isVector, LabelValues = Names.Count > 0 ? Names : null };

    /// <inheritdoc/>
    protected override PredictionTask Like(IExceptionContext context, DataViewSchema.Column label) => Of(context, label);

    private static SchemaShape Append(SchemaShape input, ScoringColumns columns, bool isVector, bool areNamed) => SchemaColumns.Append(
        input,
        SchemaColumns.Prediction(
            columns.Score, isVector ? VectorKind.Vector : VectorKind.Scalar, NumberDataViewType.Single, NamesOf(areNamed)));

    private static RegressionTask Of(IExceptionContext context, DataViewSchema.Column label) => label.Type switch
    {
        NumberDataViewType number when number == NumberDataViewType.Single => new RegressionTask(1, isVector: false, names: null),
        VectorDataViewType { IsKnownSize: true, Size: <= MaximumCount } vector when vector.ItemType == NumberDataViewType.Single =>
            new RegressionTask(vector.Size, isVector: true, SlotNamesOf(label)),
        _ => throw context.Mismatch(NoNumbers(label.Name, label.Type.ToString()!)),
    };

    private static string NoNumbers(string column, string received) =>
        $"The label column \"{column}\" holds numbers of Single, or vectors of known size of them. Received: {received}; use "
        + $"mlContext.Transforms.Conversion.ConvertType(\"{column}\") or Concatenate before the network.";

    private sealed class Definition : LearningTask
    {
        public override void CheckShape(IExceptionContext context, SchemaShape.Column label, string text)
        {
            if (label.IsKey || label.ItemType != NumberDataViewType.Single || label.Kind == VectorKind.VariableVector)
            {
                throw context.Mismatch(NoNumbers(label.Name, text));
            }
        }

        public override SchemaShape Append(SchemaShape input, SchemaShape.Column label, ScoringColumns columns) =>
            RegressionTask.Append(input, columns, label.Kind == VectorKind.Vector, label.Kind == VectorKind.Vector && IsNamed(label));

        public override PredictionTask Of(IExceptionContext context, IDataView rows, DataViewSchema.Column label) => RegressionTask.Of(context, label);
    }
}
