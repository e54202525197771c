using Microsoft.ML.ConvNet.Core.Tests.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Threading;

[TestClass]
public unsafe class WorkerPoolTests
{
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 100)]
    [DataRow(2, 1)]
    [DataRow(3, 2)]
    [DataRow(4, 1000)]
    [DataRow(16, 37)]
    public void Every_item_runs_once(int threads, int count)
    {
        WorkerPool pool = new();
        using WorkerGang gang = pool.Lease(threads);
        Assert.AreEqual(threads, gang.Size);
        int[] runs = new int[count];
        fixed (int* pointer = runs)
        {
            for (int round = 1; round <= 200; round++)
            {
                gang.For(count, &Count, pointer);
                Assert.IsTrue(runs.All(times => times == round));
            }
        }
    }

    [TestMethod]
    public void No_items_run_nothing()
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        gang.For(0, &Fail, null);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void Of_several_items_that_throw_the_first_is_told_whichever_threw_first(int threads)
    {
        WorkerPool pool = new();
        using WorkerGang gang = pool.Lease(threads);
        int isThrown = 0;
        int* state = &isThrown;
        InvalidTimeZoneException error = Assert.ThrowsExactly<InvalidTimeZoneException>(() => gang.For(64, &ThrowLateAtTwoAndAtSixty, state));
        Assert.AreEqual("2", error.Message);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void What_an_item_throws_reaches_the_caller_after_all_others_ran_and_the_gang_works_on(int threads)
    {
        WorkerPool pool = new();
        using WorkerGang gang = pool.Lease(threads);
        for (int round = 0; round < 20; round++)
        {
            int[] runs = new int[64];
            fixed (int* pointer = runs)
            {
                int* state = pointer;
                Assert.ThrowsExactly<InvalidTimeZoneException>(() => gang.For(64, &ThrowAtSixtyThree, state));
                Assert.AreEqual(63, runs.Sum());
                gang.For(64, &Count, state);
                Assert.AreEqual(63 + 64, runs.Sum());
            }
        }
    }

    [TestMethod]
    public void Each_thread_has_scratch_of_its_own_aligned_and_large_enough()
    {
        const int Length = 5000;
        WorkerPool pool = new();
        using WorkerGang gang = pool.Lease(4);
        gang.ReserveScratch(100);
        gang.ReserveScratch(Length);
        gang.ReserveScratch(10);
        int failures = 0;
        gang.For(400, &UseScratch, &failures);
        Assert.AreEqual(0, failures);
    }

    [TestMethod]
    public void Many_threads_that_lease_at_once_get_gangs_of_their_own()
    {
        WorkerPool pool = new();
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ =>
        {
            int[] runs = new int[50];
            fixed (int* pointer = runs)
            {
                for (int round = 1; round <= 20; round++)
                {
                    using WorkerGang gang = pool.Lease(3);
                    Assert.IsTrue(gang.Size is >= 1 and <= 3);
                    gang.For(50, &Count, pointer);
                    Assert.IsTrue(runs.All(times => times == round));
                }
            }
        });
    }

    [TestMethod]
    public void A_gang_within_a_gang_works()
    {
        int total = 0;
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        gang.For(8, &LeaseWithin, &total);
        Assert.AreEqual(8 * 10, total);
    }

    [TestMethod]
    public void A_workers_second_gang_is_as_good_as_its_first()
    {
        WorkerPool pool = new();
        for (int round = 0; round < 50; round++)
        {
            using WorkerGang gang = pool.Lease(1 + (round % 4));
            gang.ReserveScratch((nuint)(round * 100));
            int[] runs = new int[20];
            fixed (int* pointer = runs)
            {
                gang.For(20, &Count, pointer);
            }

            Assert.IsTrue(runs.All(times => times == 1), $"round {round}");
        }
    }

    [TestMethod]
    public void Disposing_twice_does_not_lend_a_gang_to_two()
    {
        WorkerPool pool = new();
        WorkerGang gang = pool.Lease(2);
        gang.Dispose();
        gang.Dispose();
        using WorkerGang first = pool.Lease(2);
        using WorkerGang second = pool.Lease(2);
        Assert.AreNotSame(first, second);
    }

    [TestMethod]
    public void Zero_threads_means_one_a_core_and_senseless_numbers_are_refused()
    {
        Assert.AreEqual(Environment.ProcessorCount, WorkerPool.ThreadCount(0));
        Assert.AreEqual(5, WorkerPool.ThreadCount(5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => WorkerPool.ThreadCount(-1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => WorkerPool.ThreadCount(2000));
    }

    [TestMethod]
    public void Where_no_more_threads_can_start_a_gang_goes_on_with_those_there_are_and_none_is_lost()
    {
        ManualTime time = new();
        int most = 2;
        int tries = 0;
        WorkerPool pool = new(time, number =>
        {
            tries++;
            return number <= most ? new Worker(number) : throw new InsufficientMemoryException("No thread.");
        });
        for (int round = 0; round < 3; round++)
        {
            using WorkerGang gang = pool.Lease(8);
            Assert.AreEqual(3, gang.Size);
            int[] runs = new int[20];
            fixed (int* pointer = runs)
            {
                gang.For(20, &Count, pointer);
            }

            Assert.IsTrue(runs.All(times => times == 1));
        }

        Assert.AreEqual(3, tries, "It is not tried again at once.");
        most = 100;
        time.Advance(TimeSpan.FromSeconds(2));
        using WorkerGang later = pool.Lease(8);
        Assert.AreEqual(8, later.Size);
    }

    [TestMethod]
    public void Threads_that_nobody_needs_for_half_a_minute_end_but_for_one()
    {
        ManualTime time = new();
        WorkerPool pool = new(time);
        Worker[] workers;
        using (WorkerGang gang = pool.Lease(40))
        {
            workers = [.. gang.Workers];
        }

        time.Advance(TimeSpan.FromSeconds(20));
        using (WorkerGang gang = pool.Lease(3))
        {
            Assert.IsTrue(gang.Workers.All(workers.Contains), "Those that are there are taken first.");
        }

        Assert.IsTrue(workers.All(worker => worker.Thread.IsAlive));
        time.Advance(TimeSpan.FromSeconds(10));
        AssertAlive(2, workers);
        time.Advance(TimeSpan.FromSeconds(30));
        AssertAlive(1, workers);
        using WorkerGang again = pool.Lease(5);
        Assert.AreEqual(5, again.Size);
        int[] runs = new int[20];
        fixed (int* pointer = runs)
        {
            again.For(20, &Count, pointer);
        }

        Assert.IsTrue(runs.All(times => times == 1));
    }

    private static void AssertAlive(int expected, Worker[] workers)
    {
        SpinWait.SpinUntil(() => workers.Count(worker => worker.Thread.IsAlive) <= expected, TimeSpan.FromSeconds(30));
        Assert.AreEqual(expected, workers.Count(worker => worker.Thread.IsAlive));
    }

    private static void Count(void* state, int item, void* scratch) => Interlocked.Increment(ref ((int*)state)[item]);

    private static void Fail(void* state, int item, void* scratch) => Assert.Fail("There was no item.");

    private static void ThrowLateAtTwoAndAtSixty(void* state, int item, void* scratch)
    {
        if (item == 2)
        {
            // Until the other one has thrown, or has had time to.
            for (int i = 0; i < 200 && Volatile.Read(ref *(int*)state) == 0; i++)
            {
                Thread.Sleep(1);
            }

            Thread.Sleep(20);
            throw new InvalidTimeZoneException("2");
        }

        if (item == 60)
        {
            Volatile.Write(ref *(int*)state, 1);
            throw new InvalidTimeZoneException("60");
        }
    }

    private static void ThrowAtSixtyThree(void* state, int item, void* scratch)
    {
        if (item == 63)
        {
            throw new InvalidTimeZoneException("63");
        }

        Count(state, item, scratch);
    }

    private static void UseScratch(void* state, int item, void* scratch)
    {
        Span<byte> own = new(scratch, 5000);
        byte mark = (byte)(1 + (item % 250));
        own.Fill(mark);
        Thread.SpinWait(50);
        if ((nint)scratch % 64 != 0 || own.IndexOfAnyExcept(mark) >= 0)
        {
            Interlocked.Increment(ref *(int*)state);
        }
    }

    private static void LeaseWithin(void* state, int item, void* scratch)
    {
        using WorkerGang inner = WorkerPool.Shared.Lease(2);
        inner.For(10, &CountFirst, state);
    }

    private static void CountFirst(void* state, int item, void* scratch) => Interlocked.Increment(ref *(int*)state);
}
