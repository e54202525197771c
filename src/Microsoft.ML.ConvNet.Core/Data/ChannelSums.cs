using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// The sums of the values of each channel of a set, and of their squares: in one pass, each sample summed up by one thread, and the sums of samples
/// added in the order of their numbers.
/// </summary>
internal sealed unsafe class ChannelSums
{
    // Samples of a pass over the threads: enough that these are busy, and few enough that their sums take no memory worth the name.
    private const int BlockSamples = 256;

    private readonly ImageDataset _dataset;
    private readonly CancellationToken _cancellation;
    private readonly double[] _ofSamples;
    private readonly float[] _greatestOfSamples = new float[BlockSamples];
    private readonly double[] _sums;
    private int _first;

    private ChannelSums(ImageDataset dataset, CancellationToken cancellation)
    {
        _dataset = dataset;
        _cancellation = cancellation;
        Channels = dataset.Shape.IsImage ? dataset.Shape.Channels : 1;
        Count = (double)dataset.Count * (dataset.Shape.ElementCount / Channels);
        _sums = new double[2 * Channels];
        _ofSamples = new double[BlockSamples * _sums.Length];
    }

    /// <summary>The number of channels; 1 for vectors.</summary>
    public int Channels { get; }

    /// <summary>The number of values of each channel.</summary>
    public double Count { get; }

    /// <summary>The greatest absolute value.</summary>
    public float Greatest { get; private set; }

    /// <summary>Sums up a set.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="numberOfThreads">The most threads to use; 0 for one a core.</param>
    /// <param name="cancellation">Ends it before the next sample.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ChannelSums Of(ImageDataset dataset, int numberOfThreads, CancellationToken cancellation)
    {
        ChannelSums sums = new(dataset, cancellation);
        GCHandle self = GCHandle.Alloc(sums);
        try
        {
            for (int first = 0; first < dataset.Count; first += BlockSamples)
            {
                // Leased anew each time, so that whoever begins to compute meanwhile has his share of the threads.
                using WorkerGang gang = WorkerPool.Shared.Lease(numberOfThreads);
                gang.ReserveScratch((nuint)dataset.Shape.ElementCount * sizeof(float));
                int count = Math.Min(BlockSamples, dataset.Count - first);
                sums._first = first;
                gang.For(count, &SumUp, (void*)GCHandle.ToIntPtr(self));
                cancellation.ThrowIfCancellationRequested();
                sums.Add(count);
            }
        }
        finally
        {
            self.Free();
        }

        return sums;
    }

    /// <summary>The sum of the values of a channel.</summary>
    public double Sum(int channel) => _sums[2 * channel];

    /// <summary>The sum of the squares of the values of a channel.</summary>
    public double SumOfSquares(int channel) => _sums[(2 * channel) + 1];

    private static void SumUp(void* state, int item, void* scratch)
    {
        ChannelSums sums = (ChannelSums)GCHandle.FromIntPtr((nint)state).Target!;
        if (!sums._cancellation.IsCancellationRequested)
        {
            sums.SumUp(item, new Span<float>(scratch, sums._dataset.Shape.ElementCount));
        }
    }

    private void SumUp(int item, Span<float> pixels)
    {
        _dataset.ReadSample(_first + item, pixels);
        float greatest = 0;
        for (int channel = 0; channel < Channels; channel++)
        {
            double sum = 0;
            double square = 0;
            for (int i = channel; i < pixels.Length; i += Channels)
            {
                float value = pixels[i];
                sum += value;
                square += (double)value * value;
                greatest = Math.Max(greatest, Math.Abs(value));
            }

            int place = (item * _sums.Length) + (2 * channel);
            (_ofSamples[place], _ofSamples[place + 1]) = (sum, square);
        }

        _greatestOfSamples[item] = greatest;
    }

    private void Add(int count)
    {
        for (int item = 0; item < count; item++)
        {
            for (int i = 0; i < _sums.Length; i++)
            {
                _sums[i] += _ofSamples[(item * _sums.Length) + i];
            }

            Greatest = Math.Max(Greatest, _greatestOfSamples[item]);
        }
    }
}
