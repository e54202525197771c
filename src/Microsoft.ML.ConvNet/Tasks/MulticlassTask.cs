using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>
/// One of several classes: a key column as the label, or one of values that are the classes (<see cref="MappedLabels"/>); columns of the probabilities and of
/// the most probable class.
/// </summary>
/// <param name="labels">The classes.</param>
/// <param name="isText">Whether the most probable class is told by its name; else by a key of the label's type.</param>
internal sealed class MulticlassTask(ClassLabels labels, bool isText = false) : ClassificationTask(labels)
{
    private readonly ReadOnlyMemory<char>[] _names = [.. labels.Names.Select(name => name.AsMemory())];

    /// <summary>Whether the most probable class is told by its name.</summary>
    public bool IsText => isText;

    /// <inheritdoc/>
    public override ConvNetTask Kind => ConvNetTask.Multiclass;

    /// <inheritdoc/>
    public override int OutputCount => Labels.Count;

    /// <summary>What is known before there are classes.</summary>
    /// <param name="isText">Whether the most probable class is told by its name.</param>
    public static LearningTask Learning(bool isText) => new Definition(isText);

    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant($"{Labels.Count} classes");

    /// <inheritdoc/>
    public override string? Warning => Labels.EvaluateWarning;

    /// <inheritdoc/>
    public override (string Outputs, string Ending) Wanted(string label) =>
        ($"one output for each of the {Labels.Count} classes of the label column \"{label}\"", $"Dense({Labels.Count}).Softmax()");

    /// <inheritdoc/>
    public override TargetReader CreateReader(IExceptionContext context, DataViewRow row, DataViewSchema.Column label) =>
        new ClassTargetReader(label.Type is KeyDataViewType ? ClassReader.Create(context, row, label) : MappedLabels.Reader(context, row, label, Labels));

    /// <inheritdoc/>
    public override string? MismatchOf(IExceptionContext context, DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType && MappedLabels.CanMap(label.Type))
        {
            // Whether its values are classes is seen row by row.
            return label.Type.Equals(Labels.ValueType?.ItemType) ? null
                : $"The validation rows have labels of the type of those of the training rows. Received: {label.Type}; {NameList.Of(Names)} are "
                    + $"{(Labels.ValueType is { } type ? $"of {type.ItemType}" : "keys without values")}.";
        }

        ClassLabels validation = ClassLabels.Of(context, label);
        return validation.Names.SequenceEqual(Names) ? null
            : $"The validation rows have the classes of the training rows, in the same order: {NameList.Of(Names)}. "
                + $"Received: {NameList.Of(validation.Names)}; transform both with the same fitted MapValueToKey.";
    }

    /// <summary>The classes of a key column, where they are named and others than these; null where they are not.</summary>
    public string? KeyMismatchOf(DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType key || Labels.Values is not { } values
            || label.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type is not VectorDataViewType { Size: > 0 } vector
            || (ulong)vector.Size != key.Count || LabelValueType.Find(vector.ItemType) is not { } type)
        {
            return null;
        }

        string[] others = type.Read(label.Annotations);
        return others.SequenceEqual(values) ? null : NameList.Of(others);
    }

    /// <inheritdoc/>
    public override DataViewSchema Append(DataViewSchema input, ScoringColumns columns)
    {
        PredictionAnnotations annotations = PredictionAnnotations.For(input, AnnotationNames.MulticlassClassification);
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        builder.AddColumn(
            columns.Score,
            new VectorDataViewType(NumberDataViewType.Single, Labels.Count),
            annotations.Of(AnnotationNames.Score, AddNames));
        builder.AddColumn(
            columns.PredictedLabel!,
            isText ? TextDataViewType.Instance : Labels.KeyType,
            annotations.Of(AnnotationNames.PredictedLabel, isText ? null : added => AddValues(added, AnnotationNames.KeyValues)));
        return builder.ToSchema();
    }

    /// <inheritdoc/>
    public override SchemaShape Append(SchemaShape input, ScoringColumns columns) => Append(
        input, LabelValueType.Find(Labels.KeyType.RawType.Name)!.ItemType, Labels.ValueType?.ItemType, columns, isText);

    /// <inheritdoc/>
    public override void AddGetters(NetworkOutputs outputs, ReadOnlySpan<bool> marks, Span<Delegate?> getters)
    {
        getters[0] = marks[0] ? (ValueGetter<VBuffer<float>>)outputs.Get : null;
        getters[1] = !marks[1] ? null
            : isText ? (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = _names[ArgMax.Of(outputs.Values)])
            : PredictedLabelGetter(outputs, Labels.KeyType.RawType);
    }

    /// <inheritdoc/>
    public override TaskSettings Describe() => new(Kind, OutputCount)
    {
        LabelKeyType = Labels.KeyType.RawType.Name,
        LabelValueType = Labels.ValueType?.Name,
        LabelValues = Labels.Values,
        IsText = isText,
    };

    /// <inheritdoc/>
    protected override string OutputText(int number) => FormattableString.Invariant($"class {number}");

    private static SchemaShape Append(SchemaShape input, DataViewType keyItemType, DataViewType? valueType, ScoringColumns columns, bool isText)
    {
        SchemaShape.Column[] Named(string name) => valueType is null ? [] : [SchemaColumns.New(name, VectorKind.Vector, valueType)];
        return SchemaColumns.Append(
            input,
            SchemaColumns.Prediction(
                columns.Score,
                VectorKind.Vector,
                NumberDataViewType.Single,
                valueType is TextDataViewType ? [.. Named(AnnotationNames.SlotNames), .. Named(AnnotationNames.TrainingLabelValues)] : Named(AnnotationNames.TrainingLabelValues)),
            isText ? SchemaColumns.Prediction(columns.PredictedLabel!, VectorKind.Scalar, TextDataViewType.Instance, [])
                : SchemaColumns.Prediction(columns.PredictedLabel!, VectorKind.Scalar, keyItemType, Named(AnnotationNames.KeyValues), isKey: true));
    }

    private static Delegate PredictedLabelGetter(NetworkOutputs outputs, Type rawType)
    {
        // The key of the highest probability, from 1; of equal ones the first.
        int Best() => ArgMax.Of(outputs.Values) + 1;
        if (rawType == typeof(byte))
        {
            return (ValueGetter<byte>)((ref byte value) => value = (byte)Best());
        }

        if (rawType == typeof(ushort))
        {
            return (ValueGetter<ushort>)((ref ushort value) => value = (ushort)Best());
        }

        return rawType == typeof(uint)
            ? (ValueGetter<uint>)((ref uint value) => value = (uint)Best())
            : (ValueGetter<ulong>)((ref ulong value) => value = (ulong)Best());
    }

    private void AddNames(DataViewSchema.Annotations.Builder annotations)
    {
        if (Labels.ValueType?.ItemType is TextDataViewType)
        {
            AddValues(annotations, AnnotationNames.SlotNames);
        }

        AddValues(annotations, AnnotationNames.TrainingLabelValues);
    }

    private void AddValues(DataViewSchema.Annotations.Builder annotations, string name)
    {
        if (Labels is { ValueType: { } type, Values: { } values })
        {
            type.Add(annotations, name, values);
        }
    }

    private sealed class Definition(bool isText) : LearningTask
    {
        public override void CheckShape(IExceptionContext context, SchemaShape.Column label, string text)
        {
            if (label.Kind != VectorKind.Scalar || (!label.IsKey && !MappedLabels.CanMap(label.ItemType)))
            {
                throw context.Mismatch(ClassLabels.NoClasses(label.Name, text));
            }
        }

        public override SchemaShape Append(SchemaShape input, SchemaShape.Column label, ScoringColumns columns)
        {
            if (!label.IsKey)
            {
                return MulticlassTask.Append(input, NumberDataViewType.UInt32, label.ItemType, columns, isText);
            }

            DataViewType? values = SchemaColumns.Find(label.Annotations, AnnotationNames.KeyValues) is { Kind: VectorKind.Vector } found
                && LabelValueType.Find(found.ItemType) is not null
                ? found.ItemType
                : null;
            return MulticlassTask.Append(input, label.ItemType, values, columns, isText);
        }

        public override PredictionTask Of(IExceptionContext context, IDataView rows, DataViewSchema.Column label) =>
            new MulticlassTask(MappedLabels.CanMap(label.Type) ? MappedLabels.Of(context, rows, label) : ClassLabels.Of(context, label), isText);
    }
}
