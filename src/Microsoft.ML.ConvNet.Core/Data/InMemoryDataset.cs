using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Samples in native memory, added one by one; as bytes where they are given as bytes. Adding is for one thread, and not while others
/// read the set; those may do so at the same time. Any thread may dispose of it meanwhile: what was begun finishes, the rest is refused.
/// </summary>
public sealed unsafe class InMemoryDataset : ImageDataset, IDisposable
{
    private readonly SampleStore _floats;
    private readonly SampleStore _bytes;
    private readonly SampleStore _targets;
    private readonly List<int> _labels = [];
    private readonly List<float> _weights = [];

    // Where a sample is: its number among those of floats, or the complement of its number among those of bytes.
    private readonly List<int> _places = [];

    private bool _isWeighted;

    // One who reads or adds a sample while another disposes of the set does so to its end.
    private UseCount _users;

    /// <summary>Makes an empty set of samples with classes.</summary>
    /// <param name="shape">The shape of a sample: <c>[H, W, C]</c> or <c>[F]</c>.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="ArgumentException">The shape has no dimension, or there are no classes.</exception>
    public InMemoryDataset(Shape shape, int classCount)
        : this(shape, classCount, targetLength: 0)
    {
        if (classCount < 1)
        {
            throw new ArgumentException(Invariant($"A set of classes has at least one. Received: {classCount}."), nameof(classCount));
        }
    }

    private InMemoryDataset(Shape shape, int classCount, int targetLength)
    {
        if (shape.Rank == 0)
        {
            throw new ArgumentException("A sample has at least one dimension. Received: none.", nameof(shape));
        }

        Shape = shape;
        ClassCount = classCount;
        TargetLength = targetLength;
        _floats = new SampleStore((nuint)shape.ElementCount * sizeof(float));
        _bytes = new SampleStore((nuint)shape.ElementCount);
        _targets = new SampleStore((nuint)targetLength * sizeof(float));
    }

    /// <inheritdoc/>
    public override int Count => _places.Count;

    /// <inheritdoc/>
    public override Shape Shape { get; }

    /// <inheritdoc/>
    public override int ClassCount { get; }

    /// <inheritdoc/>
    public override int TargetLength { get; }

    /// <inheritdoc/>
    public override bool IsInMemory => true;

    /// <inheritdoc/>
    public override bool IsWeighted => _isWeighted;

    /// <summary>Makes an empty set of samples whose targets are numbers.</summary>
    /// <param name="shape">The shape of a sample: <c>[H, W, C]</c> or <c>[F]</c>.</param>
    /// <param name="targetLength">The number of target values a sample.</param>
    /// <exception cref="ArgumentException">The shape has no dimension, or there are no target values.</exception>
    public static InMemoryDataset WithTargets(Shape shape, int targetLength) => targetLength >= 1
        ? new InMemoryDataset(shape, classCount: 0, targetLength)
        : throw new ArgumentException(Invariant($"A sample has at least one target value. Received: {targetLength}."), nameof(targetLength));

    /// <summary>Copies another set of samples into memory, with their weights.</summary>
    public static InMemoryDataset Copy(ImageDataset source)
    {
        ArgumentNullException.ThrowIfNull(source);
        InMemoryDataset copy = new(source.Shape, source.ClassCount, source.TargetLength);
        for (int i = 0; i < source.Count; i++)
        {
            source.ReadSample(i, copy.AddFloats());
            if (source.TargetLength > 0)
            {
                source.ReadTarget(i, copy.AddTarget());
            }

            copy._labels.Add(source.LabelOf(i));
            copy.AddWeight(source.WeightOf(i));
        }

        return copy;
    }

    /// <summary>Adds a sample.</summary>
    /// <param name="pixels">Its values in row-major order, channels innermost.</param>
    /// <param name="label">Its class, from 0, or -1 for a sample without one.</param>
    /// <param name="weight">What it counts in a loss (<see cref="ImageDataset.WeightOf"/>).</param>
    /// <exception cref="ArgumentException">The number of values is not that of the shape, there is no such class, or no such weight.</exception>
    /// <exception cref="ObjectDisposedException">The set was disposed of.</exception>
    public void Add(ReadOnlySpan<float> pixels, int label, float weight = 1)
    {
        RequireLength(pixels, Shape.ElementCount, nameof(pixels));
        RequireLabel(label);
        RequireWeight(weight);
        Enter();
        try
        {
            pixels.CopyTo(AddFloats());
            _labels.Add(label);
            AddWeight(weight);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Adds a sample of bytes, which are kept as bytes and read as the floats 0 to 255.</summary>
    /// <param name="pixels">Its values in row-major order, channels innermost.</param>
    /// <param name="label">Its class, from 0, or -1 for a sample without one.</param>
    /// <param name="weight">What it counts in a loss (<see cref="ImageDataset.WeightOf"/>).</param>
    /// <exception cref="ArgumentException">The number of values is not that of the shape, there is no such class, or no such weight.</exception>
    /// <exception cref="ObjectDisposedException">The set was disposed of.</exception>
    public void Add(ReadOnlySpan<byte> pixels, int label, float weight = 1)
    {
        if (pixels.Length != Shape.ElementCount)
        {
            throw new ArgumentException(Invariant($"A span of {Shape.ElementCount} values is expected. Received: {pixels.Length}."), nameof(pixels));
        }

        RequireLabel(label);
        RequireWeight(weight);
        Enter();
        try
        {
            int place = _bytes.Add();
            pixels.CopyTo(new Span<byte>(_bytes[place], Shape.ElementCount));
            _places.Add(~place);
            _labels.Add(label);
            AddWeight(weight);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Adds a sample whose targets are numbers.</summary>
    /// <param name="pixels">Its values in row-major order, channels innermost.</param>
    /// <param name="target">What is to be learnt of it.</param>
    /// <param name="weight">What it counts in a loss (<see cref="ImageDataset.WeightOf"/>).</param>
    /// <exception cref="ArgumentException">
    /// The number of values is not that of the shape, that of the targets not that of the set, or there is no such weight.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The set was disposed of.</exception>
    public void Add(ReadOnlySpan<float> pixels, ReadOnlySpan<float> target, float weight = 1)
    {
        if (TargetLength == 0)
        {
            throw new ArgumentException("The targets of this set are classes. Received: a sample with target values.", nameof(target));
        }

        RequireLength(pixels, Shape.ElementCount, nameof(pixels));
        RequireLength(target, TargetLength, nameof(target));
        RequireWeight(weight);
        Enter();
        try
        {
            pixels.CopyTo(AddFloats());
            target.CopyTo(AddTarget());
            _labels.Add(-1);
            AddWeight(weight);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels)
    {
        Enter();
        try
        {
            RequireIndex(index);
            RequireLength(pixels, Shape.ElementCount, nameof(pixels));
            int place = _places[index];
            if (place >= 0)
            {
                new ReadOnlySpan<float>(_floats[place], Shape.ElementCount).CopyTo(pixels);
                return;
            }

            ByteValues.ToFloats(new ReadOnlySpan<byte>(_bytes[~place], pixels.Length), pixels);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Reads a sample that was added as bytes.</summary>
    /// <param name="index">The number of the sample, from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="pixels">Receives the sample in row-major order, channels innermost.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ArgumentException">The span has not the length of a sample.</exception>
    /// <exception cref="InvalidOperationException">The sample was added as floats.</exception>
    /// <exception cref="ObjectDisposedException">The set was disposed of.</exception>
    public void ReadBytes(int index, Span<byte> pixels)
    {
        if (pixels.Length != Shape.ElementCount)
        {
            throw new ArgumentException(Invariant($"A span of {Shape.ElementCount} values is expected. Received: {pixels.Length}."), nameof(pixels));
        }

        Enter();
        try
        {
            RequireIndex(index);
            int place = _places[index];
            if (place >= 0)
            {
                throw new InvalidOperationException(Invariant($"Bytes are read of samples that were added as bytes. Received: {index}, which has floats."));
            }

            new ReadOnlySpan<byte>(_bytes[~place], pixels.Length).CopyTo(pixels);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public override int LabelOf(int index)
    {
        RequireIndex(index);
        return _labels[index];
    }

    /// <inheritdoc/>
    public override float WeightOf(int index)
    {
        RequireIndex(index);
        return _weights[index];
    }

    /// <inheritdoc/>
    public override void ReadTarget(int index, Span<float> target)
    {
        if (TargetLength == 0)
        {
            base.ReadTarget(index, target);
            return;
        }

        Enter();
        try
        {
            RequireIndex(index);
            RequireLength(target, TargetLength, nameof(target));
            new ReadOnlySpan<float>(_targets[index], TargetLength).CopyTo(target);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>
    /// Frees the memory, as soon as no other thread reads or adds a sample; later ones are refused. A second time, by whichever thread, it does
    /// nothing.
    /// </summary>
    public void Dispose()
    {
        if (_users.Close())
        {
            Free();
        }
    }

    private void Enter() => ObjectDisposedException.ThrowIf(!_users.TryEnter(), this);

    private void Exit()
    {
        if (_users.Exit())
        {
            Free();
        }
    }

    private void Free()
    {
        _floats.Dispose();
        _bytes.Dispose();
        _targets.Dispose();
    }

    private Span<float> AddFloats()
    {
        int place = _floats.Add();
        _places.Add(place);
        return new Span<float>(_floats[place], Shape.ElementCount);
    }

    private Span<float> AddTarget() => new(_targets[_targets.Add()], TargetLength);

    private void AddWeight(float weight)
    {
        _weights.Add(weight);
        _isWeighted |= weight != 1;
    }

    private void RequireWeight(float weight)
    {
        if (weight is not (>= 0 and < float.PositiveInfinity))
        {
            throw new ArgumentException(
                Invariant($"Sample {Count}: a weight is a finite number of at least 0. Received: {weight}."), nameof(weight));
        }
    }

    private void RequireLabel(int label)
    {
        if (TargetLength > 0)
        {
            throw new ArgumentException("The targets of this set are numbers. Received: a sample with a class.", nameof(label));
        }

        if (label < -1 || label >= ClassCount)
        {
            throw new ArgumentException(
                Invariant($"Sample {Count}: a label is from 0 to {ClassCount - 1}, or -1 for none. Received: {label}."), nameof(label));
        }
    }
}
