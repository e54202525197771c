using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>
/// Reads batches of samples into memory, one after another, and looks whether their values are finite. The samples of a batch may be read by
/// several threads; what is wrong is said when all are read, and is the same whoever met it: the fault of the first bad sample.
/// </summary>
internal sealed unsafe class BatchReader : IDisposable
{
    private readonly ImageDataset _dataset;
    private readonly string _what;
    private readonly int _sampleLength;
    private readonly int _targetLength;
    private readonly SampleMixing? _mixing;
    private readonly NativeBuffer _faults;
    private readonly int[] _indices;
    private readonly Gate _gate = new();
    private int? _epoch;
    private float* _inputs;
    private float* _targets;
    private ExceptionDispatchInfo? _failure;
    private int _failedItem;
    private CancellationToken _cancellation;
    private volatile bool _isCut;

    /// <summary>Prepares to read a set.</summary>
    /// <param name="dataset">The set.</param>
    /// <param name="what">What it is called in an error.</param>
    /// <param name="maximumBatch">The largest batch.</param>
    /// <param name="mixing">What samples are mixed with where they are read for an epoch; null for nothing.</param>
    public BatchReader(ImageDataset dataset, string what, int maximumBatch, SampleMixing? mixing = null)
    {
        _mixing = mixing;
        _dataset = dataset;
        _what = what;
        _sampleLength = dataset.Shape.ElementCount;
        _targetLength = dataset.TargetLength > 0 ? dataset.TargetLength : dataset.ClassCount;
        _indices = new int[maximumBatch];
        _faults = new NativeBuffer((nuint)maximumBatch * sizeof(int));
    }

    /// <summary>The number of samples of the batch.</summary>
    public int Length { get; private set; }

    /// <summary>Turns to a batch.</summary>
    /// <param name="indices">The numbers of the samples.</param>
    /// <param name="epoch">The epoch in whose form they are read, from 0; null for their form outside of a training.</param>
    /// <param name="inputs">Receives the samples, [N, H, W, C].</param>
    /// <param name="targets">Receives the target values, [N, F]; null where none are wanted.</param>
    public void Begin(ReadOnlySpan<int> indices, int? epoch, float* inputs, float* targets)
    {
        indices.CopyTo(_indices);
        Length = indices.Length;
        _epoch = epoch;
        _inputs = inputs;
        _targets = targets;
        _failure = null;
        _isCut = false;
    }

    /// <summary>Reads a sample of the batch. Whatever that throws is kept for <see cref="RequireSound"/>. Any thread may do so, each with other samples.</summary>
    /// <param name="item">Its place in the batch.</param>
    public void ReadSample(int item)
    {
        try
        {
            ReadUnguarded(item);
        }
#pragma warning disable CA1031 // It is thrown on by who takes the batch.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Keep(item, exception);
        }
    }

    /// <summary>Throws where a sample of the batch cannot be trained with, when all are read.</summary>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public void RequireSound()
    {
        int* faults = (int*)_faults.Pointer;
        int sound = _failure == null ? Length : _failedItem;
        for (int i = 0; i < sound; i++)
        {
            if (faults[i] >= 0)
            {
                throw Fault(_indices[i], faults[i], _inputs + ((nint)i * _sampleLength));
            }

            if (_targets != null)
            {
                CheckTarget(_indices[i], new ReadOnlySpan<float>(_targets + ((nint)i * _targetLength), _targetLength));
            }
        }

        _failure?.Throw();
    }

    /// <summary>Reads a batch.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="indices">The numbers of the samples.</param>
    /// <param name="epoch">The epoch in whose form they are read, from 0; null for their form outside of a training.</param>
    /// <param name="inputs">Receives the samples, [N, H, W, C].</param>
    /// <param name="targets">Receives the target values, [N, F]; null where none are wanted.</param>
    /// <param name="cancellationToken">Ends it before the next sample.</param>
    /// <returns>False where it was cancelled.</returns>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public bool Read(
        WorkerGang gang, ReadOnlySpan<int> indices, int? epoch, float* inputs, float* targets, CancellationToken cancellationToken = default)
    {
        Begin(indices, epoch, inputs, targets);
        _cancellation = cancellationToken;
        GCHandle self = GCHandle.Alloc(this);
        try
        {
            gang.For(Length, &ReadItem, (void*)GCHandle.ToIntPtr(self));
        }
        finally
        {
            self.Free();
        }

        if (_isCut)
        {
            return false;
        }

        RequireSound();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _faults.Dispose();

    private static void ReadItem(void* state, int item, void* scratch)
    {
        BatchReader reader = (BatchReader)GCHandle.FromIntPtr((nint)state).Target!;
        if (reader._cancellation.IsCancellationRequested)
        {
            reader._isCut = true;
        }
        else
        {
            reader.ReadSample(item);
        }
    }

    private void ReadUnguarded(int item)
    {
        int index = _indices[item];
        Span<float> pixels = new(_inputs + ((nint)item * _sampleLength), _sampleLength);
        if (_epoch is { } epoch)
        {
            _dataset.ReadSample(index, epoch, pixels);
        }
        else
        {
            _dataset.ReadSample(index, pixels);
        }

        ((int*)_faults.Pointer)[item] = FiniteNumbers.FirstOther(pixels);
        Span<float> target = default;
        if (_targets != null)
        {
            target = new Span<float>(_targets + ((nint)item * _targetLength), _targetLength);
            _dataset.ReadTarget(index, target);
        }

        if (_mixing is { } mixing && _epoch is { } ofEpoch && ((int*)_faults.Pointer)[item] < 0)
        {
            mixing.Apply(ofEpoch, index, pixels, target);
        }
    }

    private void Keep(int item, Exception exception)
    {
        using Gate.Passage passage = _gate.Enter();
        if (_failure == null || item < _failedItem)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
            _failedItem = item;
        }
    }

    private InvalidDataException Fault(int index, int position, float* sample)
    {
        Shape shape = _dataset.Shape;
        int pixel = position / shape.Channels;
        string place = shape.IsImage
            ? Invariant($"row {pixel / shape.Width}, column {pixel % shape.Width}, channel {position % shape.Channels}")
            : Invariant($"element {position}");
        return new InvalidDataException(
            FormattableString.Invariant($"Sample {index} of the {_what} set: pixels are finite. Received: {sample[position]}, {place}."));
    }

    private void CheckTarget(int index, ReadOnlySpan<float> target)
    {
        int position = FiniteNumbers.FirstOther(target);
        if (position >= 0)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"Sample {index} of the {_what} set: target values are finite. Received: {target[position]}, target {position}."));
        }
    }
}
