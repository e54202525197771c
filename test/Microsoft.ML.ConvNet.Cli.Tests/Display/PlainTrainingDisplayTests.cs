using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Tests.Display;

[TestClass]
public sealed class PlainTrainingDisplayTests
{
    [TestMethod]
    public void A_line_is_written_for_each_epoch_and_for_a_batch_only_after_five_seconds_of_silence()
    {
        using StringWriter output = new() { NewLine = "\n" };
        ManualClock clock = new();
        PlainTrainingDisplay display = new(output, clock);
        string[] result = display.Run(shown =>
        {
            clock.Seconds = 4;
            shown.ShowBatch(Batch(10));
            clock.Seconds = 6;
            shown.ShowBatch(Batch(20));
            shown.ShowBatch(Batch(21));
            clock.Seconds = 20;
            shown.ShowBatch(Batch(100));
            shown.ShowEpoch(new EpochMetrics(1, 0.25, 0.9, 0.5, 0.875, 0.01f, TimeSpan.FromSeconds(20), 1234), 3);
            return output.ToString().TrimEnd('\n').Split('\n');
        });
        CollectionAssert.AreEqual(
            new[]
            {
                "epoch 1/3  batch 20/100  loss 1.5000  accuracy 50.00%  2,000 images/s  1:05 left",
                "epoch 1/3  loss 0.2500  accuracy 90.00%  validation loss 0.5000  accuracy 87.50%  1,234 images/s",
            },
            result);
    }

    [TestMethod]
    [DataRow(1.5, "1.5000")]
    [DataRow(999_999.0, "999999.0000")]
    [DataRow(4.5715e37, "4.572e+37")]
    [DataRow(double.NaN, "NaN")]
    public void A_loss_beyond_all_bounds_has_an_exponent(double loss, string expected) => Assert.AreEqual(expected, ProgressText.Loss(loss));

    private static TrainingProgress Batch(int batch) => new(1, 3, batch, 100, 1.5, 0.5, 0.01f, 2000, TimeSpan.FromSeconds(65));

    private sealed class ManualClock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
