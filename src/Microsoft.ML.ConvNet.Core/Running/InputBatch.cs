using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>What a model is to score: samples one behind the other, or what reads them.</summary>
internal readonly unsafe ref struct InputBatch
{
    private readonly ReadOnlySpan<float> _values;
    private readonly IInputSamples? _samples;

    /// <summary>Takes samples that lie one behind the other.</summary>
    public InputBatch(ReadOnlySpan<float> values) => _values = values;

    /// <summary>Takes samples that are to be read.</summary>
    public InputBatch(IInputSamples samples) => _samples = samples;

    /// <summary>Brings some of the samples to where they are computed with.</summary>
    /// <param name="gang">The threads that read.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="to">Receives them.</param>
    /// <param name="length">The numbers of a sample.</param>
    public void CopyTo(WorkerGang gang, int first, int count, float* to, int length)
    {
        if (_samples is null)
        {
            _values.Slice(first * length, count * length).CopyTo(new Span<float>(to, count * length));
        }
        else if (count == 1)
        {
            _samples.Read(first, new Span<float>(to, length));
        }
        else
        {
            Reading reading = new() { Samples = GCHandle.Alloc(_samples), First = first, To = to, Length = length };
            try
            {
                gang.For(count, &Read, &reading);
            }
            finally
            {
                reading.Samples.Free();
            }
        }
    }

    private static void Read(void* state, int item, void* scratch)
    {
        Reading* reading = (Reading*)state;
        ((IInputSamples)reading->Samples.Target!).Read(reading->First + item, new Span<float>(reading->To + ((nint)item * reading->Length), reading->Length));
    }

    private struct Reading
    {
        public GCHandle Samples;
        public int First;
        public float* To;
        public int Length;
    }
}
