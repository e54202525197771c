using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Tensors;

[TestClass]
public class UseCountTests
{
    private UseCount _uses;

    [TestMethod]
    public void What_nobody_uses_is_freed_by_who_closes_it_once()
    {
        Assert.IsTrue(_uses.TryEnter());
        Assert.IsFalse(_uses.Exit());
        Assert.IsFalse(_uses.IsClosed);
        Assert.IsTrue(_uses.Close());
        Assert.IsFalse(_uses.Close());
        Assert.IsTrue(_uses.IsClosed);
    }

    [TestMethod]
    public void What_is_closed_while_it_is_used_is_freed_by_the_last_user_and_lets_nobody_enter()
    {
        Assert.IsTrue(_uses.TryEnter());
        Assert.IsTrue(_uses.TryEnter());
        Assert.IsFalse(_uses.Close());
        Assert.IsFalse(_uses.TryEnter());
        Assert.IsFalse(_uses.Exit());
        Assert.IsFalse(_uses.Close());
        Assert.IsTrue(_uses.Exit());
        Assert.IsFalse(_uses.TryEnter());
    }

    [TestMethod]
    public void Of_threads_that_use_and_close_at_once_exactly_one_frees_and_none_uses_it_afterwards()
    {
        const int Rounds = 500;
        const int Threads = 4;
        int freed = 0;
        int usedAfterwards = 0;
        int roundsFreedOnce = 0;
        using Barrier barrier = new(Threads, _ =>
        {
            roundsFreedOnce += freed == 1 ? 1 : 0;
            freed = 0;
            _uses = default;
        });
        Concurrently.Run(Threads, _ =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                for (int i = 0; i < 10 && _uses.TryEnter(); i++)
                {
                    Interlocked.Add(ref usedAfterwards, Volatile.Read(ref freed));
                    Interlocked.Add(ref freed, _uses.Exit() ? 1 : 0);
                }

                Interlocked.Add(ref freed, _uses.Close() ? 1 : 0);
                barrier.SignalAndWait();
            }
        });
        Assert.AreEqual(0, usedAfterwards);
        Assert.AreEqual(Rounds, roundsFreedOnce);
    }
}
