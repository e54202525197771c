using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks.Micro;

/// <summary>Memory with random numbers for micro-benchmarks.</summary>
internal static unsafe class MicroMemory
{
    /// <summary>Numbers of [0, 1).</summary>
    public static NativeBuffer Random(nint count)
    {
        NativeBuffer buffer = new((nuint)count * sizeof(float));
        RandomStream random = new(1, RandomPurpose.Synthesis);
        for (nint i = 0; i < count; i++)
        {
            buffer.Floats[i] = random.NextSingle(0, 1);
        }

        return buffer;
    }
}
