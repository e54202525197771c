using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Images with what is to be learnt of them: a class each, or numbers. Samples are read by their number, in any order and by many
/// threads at once; what a number gives does not change. A training reads them by number and epoch, so that a set may give each sample in
/// another form in each epoch, always the same for the same two.
/// </summary>
public abstract class ImageDataset
{
    /// <summary>The number of samples.</summary>
    public abstract int Count { get; }

    /// <summary>The shape of one sample: <c>[H, W, C]</c>, or <c>[F]</c> where the samples are vectors.</summary>
    public abstract Shape Shape { get; }

    /// <summary>The number of classes; 0 where the targets are numbers.</summary>
    public abstract int ClassCount { get; }

    /// <summary>The number of target values a sample where the targets are numbers; else 0.</summary>
    public virtual int TargetLength => 0;

    /// <summary>
    /// Whether the samples lie in memory, so that one is read in the time of a copy: a training then reads a batch when it takes it. Others are read ahead
    /// by a thread of its own. False where a set does not say otherwise.
    /// </summary>
    public virtual bool IsInMemory => false;

    /// <summary>Reads one sample. Safe to be called by many threads at once.</summary>
    /// <param name="index">The number of the sample, from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="pixels">Receives the sample in row-major order, channels innermost: as many values as <see cref="Shape"/> has.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ArgumentException">The span has not the length of a sample.</exception>
    public abstract void ReadSample(int index, Span<float> pixels);

    /// <summary>
    /// Reads one sample in the form that it has in an epoch of a training: the one that it always has, where a set does not say otherwise.
    /// What is given depends on the two numbers alone, not on what was read before. Safe to be called by many threads at once.
    /// </summary>
    /// <param name="index">The number of the sample, from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="pixels">Receives the sample in row-major order, channels innermost: as many values as <see cref="Shape"/> has.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ArgumentException">The span has not the length of a sample.</exception>
    public virtual void ReadSample(int index, int epoch, Span<float> pixels) => ReadSample(index, pixels);

    /// <summary>
    /// How the forms of the samples differ from epoch to epoch, as a text that no set with other forms has; empty where they do not. Trainings
    /// that go on from a checkpoint compare it.
    /// </summary>
    public virtual string AugmentationText => string.Empty;

    /// <summary>The class of a sample, from 0 to <see cref="ClassCount"/> - 1, or -1 for a sample without one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public abstract int LabelOf(int index);

    /// <summary>Whether samples have weights of their own (<see cref="WeightOf"/>); else each counts once.</summary>
    public virtual bool IsWeighted => false;

    /// <summary>
    /// What a sample counts in a loss, at least 0: the mean over samples is sum(w l) / sum(w), in batches, accumulated steps and epochs, where w is this
    /// times the weight that the loss gives to the class of the sample. 1 where a set does not say otherwise.
    /// </summary>
    /// <param name="index">The number of the sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public virtual float WeightOf(int index)
    {
        RequireIndex(index);
        return 1;
    }

    /// <summary>
    /// Reads the target values of a sample: where the targets are classes, 1 at the sample's class and 0 elsewhere. Safe to be called
    /// by many threads at once.
    /// </summary>
    /// <param name="index">The number of the sample.</param>
    /// <param name="target">Receives <see cref="TargetLength"/> values, or <see cref="ClassCount"/> where the targets are classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public virtual void ReadTarget(int index, Span<float> target)
    {
        RequireLength(target, ClassCount, nameof(target));
        target.Clear();
        int label = LabelOf(index);
        if (label >= 0)
        {
            target[label] = 1;
        }
    }

    /// <summary>Throws where there is no sample of this number.</summary>
    private protected void RequireIndex(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), Invariant($"The samples are numbered from 0 to {Count - 1}. Received: {index}."));
        }
    }

    /// <summary>Throws where a span has not the length it should have.</summary>
    private protected static void RequireLength(ReadOnlySpan<float> span, int length, string name)
    {
        if (span.Length != length)
        {
            throw new ArgumentException(Invariant($"A span of {length} values is expected. Received: {span.Length}."), name);
        }
    }
}
