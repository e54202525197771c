using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>What is learnt are numbers, one an output.</summary>
/// <param name="count">How many.</param>
/// <param name="names">Their names; null where they have none.</param>
internal abstract class NumbersTask(int count, IReadOnlyList<string>? names) : PredictionTask
{
    /// <summary>The most numbers of a row.</summary>
    public const int MaximumCount = 1 << 20;

    /// <inheritdoc/>
    public override int OutputCount => count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = names ?? [];

    /// <inheritdoc/>
    public override CachedDataset CreateDataset(Shape shape, long budget) => CachedDataset.WithTargets(shape, OutputCount, budget);

    /// <inheritdoc/>
    public override DatasetSplit Divide(ImageDataset samples, double validationFraction, ulong seed) =>
        DatasetSplit.Random(samples, validationFraction, seed);

    /// <inheritdoc/>
    public override string? MismatchOf(IExceptionContext context, DataViewSchema.Column label)
    {
        PredictionTask validation = Like(context, label);
        return validation.OutputCount != OutputCount
            ? FormattableString.Invariant($"The validation rows have {OutputCount} target values, as the training rows have. Received: {validation.OutputCount}.")
            : validation.Names.SequenceEqual(Names) ? null
            : $"The validation rows have the target values of the training rows, in the same order: {NameList.Of(Names)}. Received: {NameList.Of(validation.Names)}.";
    }

    /// <inheritdoc/>
    public override TargetReader CreateReader(IExceptionContext context, DataViewRow row, DataViewSchema.Column label)
    {
        Func<string, Exception?, Exception> badRow = (message, cause) => context.BadRow(row, label.Name, message, cause);
        Func<float[], bool> read = label.Type switch
        {
            VectorDataViewType vector when vector.ItemType == BooleanDataViewType.Instance => Vectors<bool>(value => value ? 1 : 0),
            VectorDataViewType => Vectors<float>(value => value),
            _ => Scalar(),
        };
        return new ValueTargetReader(OutputCount, read);

        Func<float[], bool> Scalar()
        {
            ValueGetter<float> getter = row.GetGetter<float>(label);
            return values =>
            {
                EarlierSteps.Fetch(getter, ref values[0], badRow);
                return IsThere(values, badRow);
            };
        }

        Func<float[], bool> Vectors<T>(Func<T, float> toNumber)
        {
            ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(label);
            VBuffer<T> vector = default;
            return values =>
            {
                EarlierSteps.Fetch(getter, ref vector, badRow);
                if (vector.Length != values.Length)
                {
                    throw badRow(FormattableString.Invariant($"the label has {values.Length} values. Received: {vector.Length}"), null);
                }

                int place = 0;
                foreach (T value in vector.DenseValues())
                {
                    values[place++] = toNumber(value);
                }

                return IsThere(values, badRow);
            };
        }
    }

    /// <summary>The same task for another label column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is of a type that will not do.</exception>
    protected abstract PredictionTask Like(IExceptionContext context, DataViewSchema.Column label);

    /// <summary>The range of a value, for an error; null where a value is in it.</summary>
    protected virtual string? RangeOf(float value) => float.IsFinite(value) ? null : "a finite number";

    /// <inheritdoc/>
    protected override string OutputText(int number) => Names.Count > 0 ? $"\"{Names[number]}\"" : FormattableString.Invariant($"output {number}");

    /// <summary>The names of the slots of a vector column; null where it has none.</summary>
    protected static string[]? SlotNamesOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector || !column.HasSlotNames())
        {
            return null;
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.Length == vector.Size ? [.. names.DenseValues().Select(name => name.ToString())] : null;
    }

    /// <summary>Adds the names to the annotations of a vector of them.</summary>
    protected void AddNames(DataViewSchema.Annotations.Builder annotations)
    {
        if (Names.Count > 0)
        {
            LabelValueType.Find(TextDataViewType.Instance)!.Add(annotations, AnnotationNames.SlotNames, Names);
        }
    }

    /// <summary>The same for the shape of a schema.</summary>
    protected static SchemaShape.Column[] NamesOf(bool areNamed) =>
        areNamed ? [SchemaColumns.New(AnnotationNames.SlotNames, VectorKind.Vector, TextDataViewType.Instance)] : [];

    /// <summary>Whether the label column of a shape has names.</summary>
    protected static bool IsNamed(SchemaShape.Column label) => SchemaColumns.Find(label.Annotations, AnnotationNames.SlotNames) is { } names
        && names.ItemType is TextDataViewType;

    // A label that is not a number is one that is missing.
    private bool IsThere(float[] values, Func<string, Exception?, Exception> badRow)
    {
        if (Array.Exists(values, float.IsNaN))
        {
            return false;
        }

        foreach (float value in values)
        {
            if (RangeOf(value) is { } range)
            {
                throw badRow(FormattableString.Invariant($"a label is {range}. Received: {value}"), null);
            }
        }

        return true;
    }
}
