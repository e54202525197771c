using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>Reads batches of samples into memory, many samples at a time, and looks whether their values are finite.</summary>
internal sealed unsafe class BatchReader : IDisposable
{
    private readonly ImageDataset _dataset;
    private readonly string _what;
    private readonly int _sampleLength;
    private readonly int _targetLength;
    private readonly SampleMixing? _mixing;
    private readonly NativeBuffer _faults;

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
        _faults = new NativeBuffer((nuint)maximumBatch * sizeof(int));
    }

    /// <summary>Reads samples.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="indices">The numbers of the samples.</param>
    /// <param name="epoch">The epoch in whose form they are read, from 0; null for their form outside of a training.</param>
    /// <param name="inputs">Receives the samples, [N, H, W, C].</param>
    /// <param name="targets">Receives the target values, [N, F]; null where none are wanted.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public void Read(WorkerGang gang, ReadOnlySpan<int> indices, int? epoch, float* inputs, float* targets)
    {
        int* faults = (int*)_faults.Pointer;
        GCHandle self = GCHandle.Alloc(this);
        try
        {
            fixed (int* numbers = indices)
            {
                Request request = new()
                {
                    Reader = GCHandle.ToIntPtr(self),
                    Indices = numbers,
                    Epoch = epoch,
                    Inputs = inputs,
                    Targets = targets,
                    Faults = faults,
                };
                gang.For(indices.Length, &ReadSample, &request);
            }
        }
        finally
        {
            self.Free();
        }

        for (int i = 0; i < indices.Length; i++)
        {
            if (faults[i] >= 0)
            {
                throw Fault(indices[i], faults[i], inputs + ((nint)i * _sampleLength));
            }

            if (targets != null)
            {
                CheckTarget(indices[i], new ReadOnlySpan<float>(targets + ((nint)i * _targetLength), _targetLength));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _faults.Dispose();

    private static void ReadSample(void* state, int item, void* scratch)
    {
        Request* request = (Request*)state;
        BatchReader reader = (BatchReader)GCHandle.FromIntPtr(request->Reader).Target!;
        int index = request->Indices[item];
        Span<float> pixels = new(request->Inputs + ((nint)item * reader._sampleLength), reader._sampleLength);
        if (request->Epoch is { } epoch)
        {
            reader._dataset.ReadSample(index, epoch, pixels);
        }
        else
        {
            reader._dataset.ReadSample(index, pixels);
        }

        request->Faults[item] = FiniteNumbers.FirstOther(pixels);
        Span<float> target = default;
        if (request->Targets != null)
        {
            target = new Span<float>(request->Targets + ((nint)item * reader._targetLength), reader._targetLength);
            reader._dataset.ReadTarget(index, target);
        }

        if (reader._mixing is { } mixing && request->Epoch is { } ofEpoch && request->Faults[item] < 0)
        {
            mixing.Apply(ofEpoch, index, pixels, target);
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

    private struct Request
    {
        public nint Reader;
        public int* Indices;
        public int? Epoch;
        public float* Inputs;
        public float* Targets;
        public int* Faults;
    }
}
