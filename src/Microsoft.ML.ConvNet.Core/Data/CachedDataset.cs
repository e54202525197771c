using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Samples with classes, or with numbers as targets, that are kept as they are given, as bytes or as floats: in native memory within a budget, and past it in a temporary file,
/// so that a set may be larger than the memory. Any number of threads add samples at once; when all are added, any number read them. Any
/// thread may dispose of it meanwhile: what was begun finishes, the rest is refused. The file is deleted then, and where the process ends in whatever way.
/// </summary>
public sealed unsafe class CachedDataset : ImageDataset, IDisposable
{
    // A place is the number of a sample in its store, or where it begins in the file, and behind that what it is.
    private const int PlaceShift = 2;
    private const long IsFloats = 1;
    private const long IsInFile = 2;

    private readonly Gate _gate = new();
    private readonly SampleStore _floats;
    private readonly SampleStore _bytes;
    private readonly List<long> _places = [];
    private readonly List<int> _labels = [];
    private readonly List<float> _weights = [];
    private readonly List<float[]> _targets = [];
    private readonly long _budget;
    private readonly string _folder;
    private SpillFile? _file;
    private bool _isWeighted;
    private UseCount _users;

    /// <summary>Makes an empty set.</summary>
    /// <param name="shape">The shape of a sample: <c>[H, W, C]</c> or <c>[F]</c>.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <param name="memoryBudget">The most bytes of memory that samples may take; those beyond are kept in a file.</param>
    /// <param name="folder">The folder of that file; the system's for temporary files where not given.</param>
    /// <exception cref="ArgumentException">The shape has no dimension, there are no classes, or the budget is negative.</exception>
    public CachedDataset(Shape shape, int classCount, long memoryBudget, string? folder = null)
        : this(shape, classCount, targetLength: 0, memoryBudget, folder)
    {
        if (classCount < 1)
        {
            throw new ArgumentException(Invariant($"A set of classes has at least one. Received: {classCount}."), nameof(classCount));
        }
    }

    private CachedDataset(Shape shape, int classCount, int targetLength, long memoryBudget, string? folder)
    {
        if (shape.Rank == 0)
        {
            throw new ArgumentException("A sample has at least one dimension. Received: none.", nameof(shape));
        }

        if (memoryBudget < 0)
        {
            throw new ArgumentException(Invariant($"The memory for samples is at least 0 bytes. Received: {memoryBudget}."), nameof(memoryBudget));
        }

        Shape = shape;
        ClassCount = classCount;
        TargetLength = targetLength;
        _budget = memoryBudget;
        _folder = folder ?? Path.GetTempPath();
        nuint chunk = (nuint)Math.Min(memoryBudget, (long)SampleStore.UsualChunkBytes);
        _floats = new SampleStore((nuint)shape.ElementCount * sizeof(float), chunk);
        _bytes = new SampleStore((nuint)shape.ElementCount, chunk);
    }

    /// <inheritdoc/>
    public override int Count => _places.Count;

    /// <inheritdoc/>
    public override Shape Shape { get; }

    /// <inheritdoc/>
    public override int ClassCount { get; }

    /// <inheritdoc/>
    public override int TargetLength { get; }

    /// <summary>Whether the samples lie in memory, and none in the file.</summary>
    public override bool IsInMemory => _file is null;

    /// <inheritdoc/>
    public override bool IsWeighted => _isWeighted;

    /// <summary>The bytes of memory that are taken for samples.</summary>
    public long BytesInMemory { get; private set; }

    /// <summary>The bytes of samples in the file.</summary>
    public long BytesInFile => _file?.Length ?? 0;

    /// <summary>Makes an empty set of samples whose targets are numbers.</summary>
    /// <param name="shape">The shape of a sample: <c>[H, W, C]</c> or <c>[F]</c>.</param>
    /// <param name="targetLength">The number of target values a sample.</param>
    /// <param name="memoryBudget">The most bytes of memory that samples may take; those beyond are kept in a file. The targets are in memory.</param>
    /// <param name="folder">The folder of that file; the system's for temporary files where not given.</param>
    /// <exception cref="ArgumentException">The shape has no dimension, there are no target values, or the budget is negative.</exception>
    public static CachedDataset WithTargets(Shape shape, int targetLength, long memoryBudget, string? folder = null) => targetLength >= 1
        ? new CachedDataset(shape, classCount: 0, targetLength, memoryBudget, folder)
        : throw new ArgumentException(Invariant($"A sample has at least one target value. Received: {targetLength}."), nameof(targetLength));

    /// <summary>Adds a sample of bytes, which are kept as bytes and read as the floats 0 to 255.</summary>
    /// <param name="pixels">Its values in row-major order, channels innermost.</param>
    /// <param name="label">Its class, from 0, or -1 for a sample without one.</param>
    /// <param name="weight">What it counts in a loss (<see cref="ImageDataset.WeightOf"/>).</param>
    /// <returns>The number of the sample, until <see cref="Arrange"/> gives it another.</returns>
    /// <exception cref="ArgumentException">The number of values is not that of the shape, there is no such class, or no such weight.</exception>
    /// <exception cref="IOException">It cannot be written to the temporary file.</exception>
    /// <exception cref="ObjectDisposedException">The set was disposed of.</exception>
    public int Add(ReadOnlySpan<byte> pixels, int label, float weight = 1) => Add(pixels, _bytes, kind: 0, label, target: null, weight);

    /// <summary>Adds a sample of floats.</summary>
    /// <inheritdoc cref="Add(ReadOnlySpan{byte}, int, float)"/>
    public int Add(ReadOnlySpan<float> pixels, int label, float weight = 1) => Add(MemoryMarshal.AsBytes(pixels), _floats, IsFloats, label, target: null, weight);

    /// <summary>Adds a sample of bytes whose targets are numbers.</summary>
    /// <param name="pixels">Its values in row-major order, channels innermost.</param>
    /// <param name="target">What is to be learnt of it.</param>
    /// <param name="weight">What it counts in a loss (<see cref="ImageDataset.WeightOf"/>).</param>
    /// <returns>The number of the sample, until <see cref="Arrange"/> gives it another.</returns>
    /// <exception cref="ArgumentException">
    /// The number of values is not that of the shape, that of the targets not that of the set, or there is no such weight.
    /// </exception>
    /// <exception cref="IOException">It cannot be written to the temporary file.</exception>
    /// <exception cref="ObjectDisposedException">The set was disposed of.</exception>
    public int Add(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> target, float weight = 1) => Add(pixels, _bytes, kind: 0, -1, target.ToArray(), weight);

    /// <summary>Adds a sample of floats whose targets are numbers.</summary>
    /// <inheritdoc cref="Add(ReadOnlySpan{byte}, ReadOnlySpan{float}, float)"/>
    public int Add(ReadOnlySpan<float> pixels, ReadOnlySpan<float> target, float weight = 1) =>
        Add(MemoryMarshal.AsBytes(pixels), _floats, IsFloats, -1, target.ToArray(), weight);

    /// <summary>Gives the samples other numbers: for who adds them by several threads, in the order in which these came to it.</summary>
    /// <param name="order">The present number of each sample, in the order that they are to have; each once.</param>
    /// <exception cref="ArgumentException">It has not each number once.</exception>
    public void Arrange(ReadOnlySpan<int> order)
    {
        bool[] isSeen = new bool[Count];
        if (order.Length != Count)
        {
            throw new ArgumentException(Invariant($"An order of {Count} samples has as many numbers. Received: {order.Length}."), nameof(order));
        }

        foreach (int number in order)
        {
            if ((uint)number >= (uint)isSeen.Length || isSeen[number])
            {
                throw new ArgumentException(Invariant($"An order has each number from 0 to {Count - 1} once. Received: {number}."), nameof(order));
            }

            isSeen[number] = true;
        }

        Permute(_places, order);
        Permute(_labels, order);
        Permute(_weights, order);
        if (TargetLength > 0)
        {
            Permute(_targets, order);
        }
    }

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels)
    {
        ObjectDisposedException.ThrowIf(!_users.TryEnter(), this);
        try
        {
            RequireIndex(index);
            RequireLength(pixels, Shape.ElementCount, nameof(pixels));
            long place = _places[index];
            if ((place & IsFloats) != 0)
            {
                ReadRaw(place, _floats, MemoryMarshal.AsBytes(pixels));
                return;
            }

            // The bytes lie behind the floats that are made of the first of them: no float covers a byte that is still to be read.
            Span<byte> bytes = MemoryMarshal.AsBytes(pixels)[^pixels.Length..];
            ReadRaw(place, _bytes, bytes);
            ByteValues.ToFloats(bytes, pixels);
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

        RequireIndex(index);
        RequireLength(target, TargetLength, nameof(target));
        _targets[index].CopyTo(target);
    }

    /// <summary>
    /// Frees the memory and deletes the file, as soon as no other thread reads or adds a sample; later ones are refused. A second time, by whichever
    /// thread, it does nothing.
    /// </summary>
    public void Dispose()
    {
        if (_users.Close())
        {
            Free();
        }
    }

    private static void Permute<T>(List<T> values, ReadOnlySpan<int> order)
    {
        T[] before = [.. values];
        for (int i = 0; i < order.Length; i++)
        {
            values[i] = before[order[i]];
        }
    }

    private int Add(ReadOnlySpan<byte> pixels, SampleStore store, long kind, int label, float[]? target, float weight)
    {
        int values = Shape.ElementCount;
        int received = pixels.Length / (kind == IsFloats ? sizeof(float) : 1);
        if (received != values)
        {
            throw new ArgumentException(Invariant($"A span of {values} values is expected. Received: {received}."), nameof(pixels));
        }

        if ((target is null) != (TargetLength == 0) || (target is not null && target.Length != TargetLength))
        {
            throw new ArgumentException(
                Invariant($"A sample of this set has {(TargetLength == 0 ? "a class" : Invariant($"{TargetLength} target values"))}. ")
                + Invariant($"Received: {(target is null ? "a class" : Invariant($"{target.Length} target values"))}."),
                nameof(target));
        }

        if (label < -1 || (label >= ClassCount && target is null))
        {
            throw new ArgumentException(Invariant($"A label is from 0 to {ClassCount - 1}, or -1 for none. Received: {label}."), nameof(label));
        }

        if (weight is not (>= 0 and < float.PositiveInfinity))
        {
            throw new ArgumentException(Invariant($"A weight is a finite number of at least 0. Received: {weight}."), nameof(weight));
        }

        ObjectDisposedException.ThrowIf(!_users.TryEnter(), this);
        try
        {
            void* memory = TakePlace(store, kind, label, target, weight, out int number);
            if (memory != null)
            {
                pixels.CopyTo(new Span<byte>(memory, pixels.Length));
            }
            else
            {
                long offset = _file!.Append(pixels);
                using Gate.Passage passage = _gate.Enter();
                _places[number] = (offset << PlaceShift) | IsInFile | kind;
            }

            return number;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Makes room for a sample; null where that is in the file.</summary>
    private void* TakePlace(SampleStore store, long kind, int label, float[]? target, float weight, out int number)
    {
        using Gate.Passage passage = _gate.Enter();
        long more = (long)store.BytesOfNext;
        bool fits = more <= _budget - BytesInMemory;
        if (!fits)
        {
            _file ??= SpillFile.Create(_folder);
        }

        int place = fits ? store.Add() : 0;
        BytesInMemory += fits ? more : 0;
        number = _places.Count;
        _places.Add(((long)place << PlaceShift) | kind);
        _labels.Add(label);
        if (target is not null)
        {
            _targets.Add(target);
        }

        _weights.Add(weight);
        _isWeighted |= weight != 1;
        return fits ? store[place] : null;
    }

    private void ReadRaw(long place, SampleStore store, Span<byte> raw)
    {
        if ((place & IsInFile) != 0)
        {
            _file!.Read(place >> PlaceShift, raw);
        }
        else
        {
            new ReadOnlySpan<byte>(store[(int)(place >> PlaceShift)], raw.Length).CopyTo(raw);
        }
    }

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
        _file?.Dispose();
    }
}
