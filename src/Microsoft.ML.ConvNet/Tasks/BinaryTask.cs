using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>
/// Whether something is so: a Boolean column as the label; columns of the log-odds as the score, of the probability, and of the answer. Networks that are
/// trained have two outputs behind a softmax, false and true; one from elsewhere may have one behind a sigmoid.
/// </summary>
/// <param name="outputs">The number of outputs, 1 or 2.</param>
internal sealed class BinaryTask(int outputs) : ClassificationTask(FalseAndTrue)
{
    private const int Classes = 2;

    // Halfway from 1 to the next float below: what is left of a probability that is 1 as a float.
    private const double LeastRest = 1.0 / (1 << 25);

    /// <summary>What is known before there are rows.</summary>
    public static LearningTask Learning { get; } = new Definition();

    /// <inheritdoc/>
    public override ConvNetTask Kind => ConvNetTask.Binary;

    /// <inheritdoc/>
    public override int OutputCount => outputs;

    /// <inheritdoc/>
    public override string Text => "true or false";

    private static ClassLabels FalseAndTrue { get; } =
        new(new KeyDataViewType(typeof(uint), Classes), LabelValueType.Find(BooleanDataViewType.Instance), ["false", "true"]);

    /// <inheritdoc/>
    public override (string Outputs, string Ending) Wanted(string label) =>
        ($"two outputs for the label column \"{label}\", false and true", "Dense(2).Softmax()");

    /// <inheritdoc/>
    public override TargetReader CreateReader(IExceptionContext context, DataViewRow row, DataViewSchema.Column label)
    {
        ValueGetter<bool> getter = row.GetGetter<bool>(label);
        bool value = false;
        Func<string, Exception?, Exception> badRow = (message, cause) => context.BadRow(row, label.Name, message, cause);
        return new ClassTargetReader(() =>
        {
            EarlierSteps.Fetch(getter, ref value, badRow);
            return value ? 1 : 0;
        });
    }

    /// <inheritdoc/>
    public override string? MismatchOf(IExceptionContext context, DataViewSchema.Column label)
    {
        RequireBoolean(context, label);
        return null;
    }

    /// <inheritdoc/>
    public override DataViewSchema Append(DataViewSchema input, ScoringColumns columns)
    {
        PredictionAnnotations annotations = PredictionAnnotations.For(input, AnnotationNames.BinaryClassification);
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        builder.AddColumn(columns.Score, NumberDataViewType.Single, annotations.Of(AnnotationNames.Score));
        builder.AddColumn(
            columns.Probability!,
            NumberDataViewType.Single,
            annotations.Of(
                AnnotationNames.Probability,
                added => added.AddPrimitiveValue(AnnotationNames.IsNormalized, BooleanDataViewType.Instance, true)));
        builder.AddColumn(columns.PredictedLabel!, BooleanDataViewType.Instance, annotations.Of(AnnotationNames.PredictedLabel));
        return builder.ToSchema();
    }

    /// <inheritdoc/>
    public override SchemaShape Append(SchemaShape input, ScoringColumns columns) => SchemaColumns.Append(
        input,
        SchemaColumns.Prediction(columns.Score, VectorKind.Scalar, NumberDataViewType.Single, []),
        SchemaColumns.Prediction(
            columns.Probability!,
            VectorKind.Scalar,
            NumberDataViewType.Single,
            [SchemaColumns.New(AnnotationNames.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance)]),
        SchemaColumns.Prediction(columns.PredictedLabel!, VectorKind.Scalar, BooleanDataViewType.Instance, []));

    /// <inheritdoc/>
    public override void AddGetters(NetworkOutputs outputs, ReadOnlySpan<bool> marks, Span<Delegate?> getters)
    {
        getters[0] = marks[0] ? (ValueGetter<float>)((ref float value) => value = (float)LogOdds(outputs.Values)) : null;
        getters[1] = marks[1] ? (ValueGetter<float>)((ref float value) => value = outputs.Values[^1]) : null;
        getters[2] = marks[2] ? (ValueGetter<bool>)((ref bool value) => value = LogOdds(outputs.Values) > 0) : null;
    }

    /// <inheritdoc/>
    public override TaskSettings Describe() => new(Kind, OutputCount);

    /// <inheritdoc/>
    protected override string OutputText(int number) => OutputCount == 1 ? "true" : Names[number];

    /// <summary>The logarithm of how much more probable true is than false.</summary>
    private static double LogOdds(ReadOnlySpan<float> probabilities)
    {
        double isTrue = Math.Max(probabilities[^1], float.Epsilon);
        double isFalse = probabilities.Length == Classes ? Math.Max(probabilities[0], float.Epsilon) : Math.Max(1.0 - probabilities[0], LeastRest);
        return Math.Log(isTrue) - Math.Log(isFalse);
    }

    private static void RequireBoolean(IExceptionContext context, DataViewSchema.Column label)
    {
        if (label.Type is not BooleanDataViewType)
        {
            throw context.Mismatch(NotBoolean(label.Name, label.Type.ToString()!));
        }
    }

    private static string NotBoolean(string column, string received) =>
        $"The label column \"{column}\" is a column of Boolean. Received: {received}; use mlContext.Transforms.Conversion.ConvertType(\"{column}\", "
        + "outputKind: DataKind.Boolean) for numbers, or MapValue for texts, before the network.";

    private sealed class Definition : LearningTask
    {
        public override void CheckShape(IExceptionContext context, SchemaShape.Column label, string text)
        {
            if (label is not { Kind: VectorKind.Scalar, IsKey: false } || label.ItemType != BooleanDataViewType.Instance)
            {
                throw context.Mismatch(NotBoolean(label.Name, text));
            }
        }

        public override SchemaShape Append(SchemaShape input, SchemaShape.Column label, ScoringColumns columns) => new BinaryTask(Classes).Append(input, columns);

        public override PredictionTask Of(IExceptionContext context, IDataView rows, DataViewSchema.Column label)
        {
            RequireBoolean(context, label);
            return new BinaryTask(Classes);
        }
    }
}
