using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Tensors;

/// <summary>Alone in the process, since its native memory is counted.</summary>
[TestClass]
[DoNotParallelize]
public unsafe class NativeBufferTests
{
    private const int Length = 10_000;

    [TestInitialize]
    public void FreeWhatOtherTestsLeft() => NativeMemoryCount.FreeWhatIsLeft();

    [TestMethod]
    [DataRow(1)]
    [DataRow(100)]
    [DataRow(100_000)]
    [DataRow(50_000_000)]
    public void A_block_is_aligned_and_zero(int length)
    {
        for (int round = 0; round < 3; round++)
        {
            using NativeBuffer buffer = new((nuint)length);
            Assert.AreEqual(0, (nint)buffer.Pointer % NativeBuffer.Alignment);
            Span<byte> bytes = new(buffer.Pointer, length);
            Assert.IsFalse(bytes.ContainsAnyExcept((byte)0));
            bytes.Fill(1);
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_large_block_takes_no_memory_before_it_is_written()
    {
        long before = Environment.WorkingSet;
        using NativeBuffer buffer = new(2_000_000_000);
        Assert.IsLessThan(200_000_000, Environment.WorkingSet - before);
    }

    [TestMethod]
    public void A_block_that_two_threads_dispose_of_is_freed_once()
    {
        long before = NativeBuffer.LiveBytes;
        for (int round = 0; round < 200; round++)
        {
            NativeBuffer buffer = new(Length);
            Concurrently.Run(2, _ => buffer.Dispose());
            Assert.AreEqual(before, NativeBuffer.LiveBytes);
        }
    }

    [TestMethod]
    public void A_share_keeps_the_memory_of_a_block_that_was_disposed_of_until_it_is_given_up()
    {
        long before = NativeBuffer.LiveBytes;
        NativeBuffer buffer = new(Length, typeof(NativeBufferTests));
        buffer.Floats[7] = 42;
        NativeShare share = buffer.Share();
        NativeShare other = buffer.Share();
        buffer.Dispose();
        buffer.Dispose();
        other.Dispose();
        other.Dispose();
        Assert.AreEqual(42f, share.Floats[7]);
        Assert.IsGreaterThanOrEqualTo(before + Length, NativeBuffer.LiveBytes);
        foreach (Action use in new Action[] { () => buffer.Share(), () => _ = *buffer.Floats })
        {
            Assert.AreEqual(typeof(NativeBufferTests).FullName, Assert.ThrowsExactly<ObjectDisposedException>(use).ObjectName);
        }

        share.Dispose();
        Assert.AreEqual(before, NativeBuffer.LiveBytes);
    }

    [TestMethod]
    public void Blocks_and_shares_that_were_forgotten_are_freed_by_the_collector()
    {
        long before = NativeBuffer.LiveBytes;
        NativeBuffer disposed = new(Length);
        Forget(disposed);
        disposed.Dispose();
        Assert.IsGreaterThanOrEqualTo(before + (2 * Length), NativeBuffer.LiveBytes, "A forgotten block, and one with a forgotten share.");
        NativeMemoryCount.FreeWhatIsLeft();
        Assert.AreEqual(before, NativeBuffer.LiveBytes);
        GC.KeepAlive(disposed);
    }

    [TestMethod]
    public void A_tensor_that_is_copied_while_another_thread_disposes_of_it_gives_its_numbers_or_says_so()
    {
        long before = NativeBuffer.LiveBytes;
        for (int round = 0; round < 100; round++)
        {
            Tensor tensor = new([Length]);
            tensor.Span.Fill(round);
            float[] copy = new float[Length];
            Concurrently.Run(3, thread =>
            {
                try
                {
                    if (thread == 0)
                    {
                        tensor.Dispose();
                    }
                    else if (thread == 1)
                    {
                        Assert.IsLessThan(0, tensor.ToArray().AsSpan().IndexOfAnyExcept(round));
                    }
                    else
                    {
                        using Tensor clone = tensor.Clone();
                        tensor.CopyTo(copy);
                        Assert.IsLessThan(0, clone.Span.IndexOfAnyExcept(round));
                        Assert.IsLessThan(0, copy.AsSpan().IndexOfAnyExcept(round));
                    }
                }
                catch (ObjectDisposedException exception)
                {
                    Assert.AreEqual(typeof(Tensor).FullName, exception.ObjectName);
                }
            });
            Assert.AreEqual(before, NativeBuffer.LiveBytes);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(NativeBuffer disposed)
    {
        _ = new NativeBuffer(Length).Share();
        disposed.Share();
    }
}
