using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads what is to be learnt of the row that a cursor stands on. One thread uses it.</summary>
internal abstract class TargetReader
{
    /// <summary>Reads the target of the present row.</summary>
    /// <returns>False where it is missing.</returns>
    /// <exception cref="InvalidDataException">It is none; the message names the row.</exception>
    public abstract bool Read();

    /// <summary>Adds an image with the target that was read last.</summary>
    /// <param name="samples">The set.</param>
    /// <param name="pixels">The image.</param>
    /// <param name="weight">What it counts.</param>
    /// <returns>The number of the sample.</returns>
    public abstract int Add(CachedDataset samples, ReadOnlySpan<byte> pixels, float weight);

    /// <inheritdoc cref="Add(CachedDataset, ReadOnlySpan{byte}, float)"/>
    public abstract int Add(CachedDataset samples, ReadOnlySpan<float> pixels, float weight);
}

/// <summary>Reads a class.</summary>
/// <param name="classOf">The class of the present row, from 0; -1 where it is missing.</param>
internal sealed class ClassTargetReader(Func<int> classOf) : TargetReader
{
    private int _class;

    /// <inheritdoc/>
    public override bool Read() => (_class = classOf()) >= 0;

    /// <inheritdoc/>
    public override int Add(CachedDataset samples, ReadOnlySpan<byte> pixels, float weight) => samples.Add(pixels, _class, weight);

    /// <inheritdoc/>
    public override int Add(CachedDataset samples, ReadOnlySpan<float> pixels, float weight) => samples.Add(pixels, _class, weight);
}

/// <summary>Reads numbers.</summary>
/// <param name="count">How many.</param>
/// <param name="read">Reads those of the present row; false where they are missing.</param>
internal sealed class ValueTargetReader(int count, Func<float[], bool> read) : TargetReader
{
    private readonly float[] _values = new float[count];

    /// <inheritdoc/>
    public override bool Read() => read(_values);

    /// <inheritdoc/>
    public override int Add(CachedDataset samples, ReadOnlySpan<byte> pixels, float weight) => samples.Add(pixels, _values, weight);

    /// <inheritdoc/>
    public override int Add(CachedDataset samples, ReadOnlySpan<float> pixels, float weight) => samples.Add(pixels, _values, weight);
}
