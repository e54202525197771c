using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>
/// What a network learns and predicts: which targets a label column gives, what the outputs are, and which columns are made of them. There is one type a
/// task; reading, training, scoring and saving are written once, and ask it.
/// </summary>
internal abstract class PredictionTask
{
    /// <summary>Which task it is.</summary>
    public abstract ConvNetTask Kind { get; }

    /// <summary>The numbers that a network gives for an image.</summary>
    public abstract int OutputCount { get; }

    /// <summary>What the outputs are called: classes or labels; none where they are just numbers.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>What there is to be learnt, for a log: 3 classes.</summary>
    public abstract string Text { get; }

    /// <summary>What is said once of so many classes; null for nothing.</summary>
    public virtual string? Warning => null;

    /// <summary>What a network's outputs must be, and what to end it with, for an error.</summary>
    /// <param name="label">The name of the label column.</param>
    public abstract (string Outputs, string Ending) Wanted(string label);

    /// <summary>Whether networks that end in a softmax learn it: architectures do by themselves.</summary>
    public virtual bool EndsInSoftmax => false;

    /// <summary>The network with the end that this wants: a softmax, a sigmoid or none.</summary>
    /// <param name="network">A network of so many outputs.</param>
    /// <param name="options">What the user says of it.</param>
    public abstract Network End(Network network, ConvNetTrainingOptions options);

    /// <summary>What is made small.</summary>
    public abstract Loss LossOf(ConvNetTrainingOptions options);

    /// <summary>Throws where options do not fit what is to be learnt.</summary>
    public virtual void Check(ConvNetTrainingOptions options)
    {
    }

    /// <summary>Options of a training that follow from its samples.</summary>
    /// <param name="options">What the user asks for.</param>
    /// <param name="training">The training so far.</param>
    /// <param name="samples">The samples that are trained with.</param>
    public virtual TrainingOptions Weighted(ConvNetTrainingOptions options, TrainingOptions training, ImageDataset samples) => training;

    /// <summary>How the targets are scaled while the network learns; null where they stay as they are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What the user asks for.</param>
    /// <param name="training">The samples that are trained with.</param>
    public virtual TargetScaling? ScalingFor(Network network, ConvNetTrainingOptions options, ImageDataset training) => null;

    /// <summary>Makes an empty set for images and their targets.</summary>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="budget">The most bytes of memory for them.</param>
    public abstract CachedDataset CreateDataset(Shape shape, long budget);

    /// <summary>Makes what reads the target of the row that a cursor stands on.</summary>
    public abstract TargetReader CreateReader(IExceptionContext context, DataViewRow row, DataViewSchema.Column label);

    /// <summary>Divides a set in samples to train with and samples to validate with.</summary>
    public virtual DatasetSplit Divide(ImageDataset samples, double validationFraction, ulong seed) =>
        DatasetSplit.Stratified(samples, validationFraction, seed);

    /// <summary>What is said where the labels of validation rows are others than those that are learnt; null where they are not.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="label">The label column of the validation rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is of a type that will not do.</exception>
    public abstract string? MismatchOf(IExceptionContext context, DataViewSchema.Column label);

    /// <summary>The schema with the columns of predictions behind the others.</summary>
    public abstract DataViewSchema Append(DataViewSchema input, ScoringColumns columns);

    /// <summary>The shape of such a schema.</summary>
    public abstract SchemaShape Append(SchemaShape input, ScoringColumns columns);

    /// <summary>What is wrong with outputs, without a full stop; null for nothing.</summary>
    public virtual string? FaultOf(ReadOnlySpan<float> outputs)
    {
        for (int number = 0; number < outputs.Length; number++)
        {
            if (float.IsNaN(outputs[number]))
            {
                return FormattableString.Invariant(
                    $"the scores of its pixels are numbers. Received: NaN for {OutputText(number)}, as of pixels or weights too great for the network");
            }
        }

        return null;
    }

    /// <summary>Makes the getters of the columns of predictions.</summary>
    /// <param name="outputs">What the network gives for the present row.</param>
    /// <param name="marks">Which of them are asked for: at least one.</param>
    /// <param name="getters">Receives them.</param>
    public abstract void AddGetters(NetworkOutputs outputs, ReadOnlySpan<bool> marks, Span<Delegate?> getters);

    /// <summary>What a model file says of this.</summary>
    public abstract TaskSettings Describe();

    /// <summary>An output, for an error.</summary>
    protected abstract string OutputText(int number);
}
