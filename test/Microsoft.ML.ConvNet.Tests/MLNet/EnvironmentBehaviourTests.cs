using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>What ML.NET's context gives its components; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class EnvironmentBehaviourTests
{
    [TestMethod]
    public void A_message_reaches_the_log_with_its_source_and_kind()
    {
        var ml = new MLContext(1);
        var messages = new List<LoggingEventArgs>();
        ml.Log += (_, message) => messages.Add(message);
        IHost host = ((IHostEnvironment)ml).Register("Trainer");
        using (IChannel channel = host.Start("Train"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0}", 3);
            channel.Warning(MessageSensitivity.None, "slow");
        }

        CollectionAssert.AreEqual(
            new[]
            {
                "[Source=Trainer; Train, Kind=Trace] Channel started",
                "[Source=Trainer; Train, Kind=Info] epoch 3",
                "[Source=Trainer; Train, Kind=Warning] slow",
            },
            messages.Take(3).Select(message => message.Message).ToArray());
        StringAssert.StartsWith(messages[3].RawMessage, "Channel finished. Elapsed ");
        Assert.AreEqual("Channel disposed", messages[4].RawMessage);
        Assert.AreEqual(ChannelMessageKind.Info, messages[1].Kind);
        Assert.AreEqual("Trainer; Train", messages[1].Source);
    }

    [TestMethod]
    public void Random_numbers_follow_the_seed_and_the_order_of_registration()
    {
        int[] first = Draw(new MLContext(7));
        CollectionAssert.AreEqual(first, Draw(new MLContext(7)));
        CollectionAssert.AreNotEqual(first, Draw(new MLContext(8)));
        Assert.AreEqual(
            ((IHostEnvironment)new MLContext(1)).Register("A", seed: 3).Rand.Next(),
            ((IHostEnvironment)new MLContext(2)).Register("B", seed: 3).Rand.Next());
    }

    [TestMethod]
    public void Random_numbers_of_a_seed_are_those_of_ML_NET()
    {
        // Drawn with Microsoft.ML 5.0.0.
        Assert.AreEqual("895905349 1029507826 9", string.Join(' ', Draw(new MLContext(7))));
    }

    [TestMethod]
    public void Options_are_kept_by_name_and_type()
    {
        var ml = new MLContext(1);
        Assert.IsTrue(ml.TryAddOption("threads", 4));
        Assert.IsFalse(ml.TryAddOption("threads", 5));
        Assert.IsTrue(ml.TryGetOption("threads", out int threads));
        Assert.AreEqual(4, threads);
        Assert.IsFalse(ml.TryGetOption("threads", out string _));
        ml.SetOption("threads", 6);
        Assert.AreEqual(6, ml.GetOptionOrDefault<int>("threads"));
        Assert.AreEqual(0, ml.GetOptionOrDefault<int>("other"));
        Assert.IsTrue(ml.RemoveOption("threads"));
        Assert.IsFalse(ml.RemoveOption("threads"));
    }

    [TestMethod]
    public void Nobody_is_told_of_progress_and_nothing_breaks()
    {
        IHost host = ((IHostEnvironment)new MLContext(1)).Register("Trainer");
        using IProgressChannel progress = host.StartProgressChannel("Train");
        progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry => entry.SetProgress(0, 1, 2));
        progress.Checkpoint(0.5);
    }

    private static int[] Draw(MLContext ml)
    {
        IHost first = ((IHostEnvironment)ml).Register("First");
        IHost second = ((IHostEnvironment)ml).Register("Second");
        return [first.Rand.Next(), second.Rand.Next(), first.Rand.Next(100)];
    }
}
