using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Tensors;

[TestClass]
public class IdlePoolTests
{
    private static readonly TimeSpan Patience = IdlePool<Piece>.Patience;

    private readonly ManualTime _time = new();

    [TestMethod]
    public void What_a_burst_needed_is_freed_when_nobody_used_it_for_the_time_but_for_the_last()
    {
        IdlePool<Piece> pool = new(_time);
        Piece[] pieces = [.. Enumerable.Range(0, 64).Select(_ => new Piece(1))];
        Array.ForEach(pieces, pool.Return);
        Assert.AreEqual(6400, pool.IdleBytes);
        _time.Advance(Patience - TimeSpan.FromMilliseconds(1));
        Assert.AreEqual(6400, pool.IdleBytes);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.AreEqual(100, pool.IdleBytes);
        Assert.AreEqual(1, pieces[0].Freed);
        Assert.IsTrue(pieces[..63].All(piece => piece.Freed == 1));
        Assert.AreSame(pieces[63], pool.Take());
        Assert.AreEqual(0, pieces[63].Freed);
        Assert.AreEqual(0, _time.Waiting);
    }

    [TestMethod]
    public void What_is_used_all_the_time_stays_while_the_rest_goes()
    {
        IdlePool<Piece> pool = new(_time);
        Piece[] pieces = [.. Enumerable.Range(0, 10).Select(_ => new Piece(1))];
        Array.ForEach(pieces, pool.Return);
        for (int second = 0; second < 20; second++)
        {
            Piece[] taken = [pool.Take()!, pool.Take()!, pool.Take()!];
            _time.Advance(TimeSpan.FromSeconds(1));
            Array.ForEach(taken, pool.Return);
        }

        // Whenever the time came the three were in use: of what was idle the last stayed.
        Assert.AreEqual(400, pool.IdleBytes);
        Assert.IsTrue(pieces[..6].All(piece => piece.Freed == 1));
        Assert.IsTrue(pieces[6..].All(piece => piece.Freed == 0));
        _time.Advance(Patience);
        Assert.AreEqual(100, pool.IdleBytes);
    }

    [TestMethod]
    public void Time_that_passes_while_the_pool_is_trimmed_does_not_ask_for_a_time_that_is_over()
    {
        IdlePool<Piece> pool = new(_time);
        Piece[] pieces = [.. Enumerable.Range(0, 3).Select(_ => new Piece(1))];
        pool.Return(pieces[0]);
        _time.Advance(TimeSpan.FromMilliseconds(3));
        pool.Return(pieces[1]);
        pool.Return(pieces[2]);
        _time.TimeOfLook = TimeSpan.FromMilliseconds(2);
        for (int ring = 0; ring < 4; ring++)
        {
            _time.Advance(Patience);
        }

        Assert.AreEqual(100, pool.IdleBytes);
        Assert.AreEqual(0, _time.Waiting);
    }

    [TestMethod]
    public void A_single_caller_keeps_his_memory_for_ever_and_no_timer_runs()
    {
        IdlePool<Piece> pool = new(_time);
        Piece piece = new(1);
        for (int i = 0; i < 3; i++)
        {
            pool.Return(piece);
            Assert.AreEqual(0, _time.Waiting);
            _time.Advance(TimeSpan.FromDays(1));
            Assert.AreSame(piece, pool.Take());
        }
    }

    [TestMethod]
    public void What_fits_is_taken_before_what_was_returned_last()
    {
        IdlePool<Piece> pool = new(_time);
        Piece large = new(8);
        Piece small = new(2);
        pool.Return(large);
        pool.Return(small);
        Assert.AreSame(large, pool.Take(3));
        Assert.AreSame(small, pool.Take(3), "What is too small is given to be replaced.");
        Assert.IsNull(pool.Take(3));
        pool.Return(large);
        pool.Return(small);
        Assert.AreSame(small, pool.Take(2));
    }

    [TestMethod]
    public void A_cleared_pool_holds_nothing_and_waits_for_nothing()
    {
        IdlePool<Piece> pool = new(_time);
        Piece[] pieces = [new(1), new(1)];
        Array.ForEach(pieces, pool.Return);
        Assert.AreEqual(1, _time.Waiting);
        pool.Clear();
        Assert.AreEqual(0, _time.Waiting);
        Assert.AreEqual(0, pool.IdleBytes);
        _time.Advance(Patience);
        Assert.IsTrue(pieces.All(piece => piece.Freed == 1));
    }

    [TestMethod]
    public void A_timer_does_not_keep_the_context_of_the_thread_that_came_first()
    {
        AsyncLocal<string> local = new();
        ContextOfTimers clock = new(local);
        IdlePool<Piece> pool = new(clock);
        local.Value = "a request";
        pool.Return(new Piece(1));
        pool.Return(new Piece(1));
        Assert.AreEqual("none", clock.Seen);
        Assert.IsFalse(ExecutionContext.IsFlowSuppressed());
        using (ExecutionContext.SuppressFlow())
        {
            pool = new IdlePool<Piece>(clock);
            pool.Return(new Piece(1));
            pool.Return(new Piece(1));
            Assert.IsTrue(ExecutionContext.IsFlowSuppressed());
        }
    }

    private sealed class Piece(int capacity) : IPooledMemory
    {
        public int Freed { get; private set; }

        public int Capacity => capacity;

        public long Bytes => 100 * capacity;

        public void Free() => Freed++;
    }

    /// <summary>Sees what a timer made now would see when it rings.</summary>
    private sealed class ContextOfTimers(AsyncLocal<string> local) : TimeProvider
    {
        public string? Seen { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ExecutionContext? context = ExecutionContext.Capture();
            if (context is null)
            {
                Seen = "none";
            }
            else
            {
                ExecutionContext.Run(context, _ => Seen = local.Value, null);
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
