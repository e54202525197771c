using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Trainings that are killed, and gone on with.</summary>
[TestClass]
public sealed class ResumeTests : IDisposable
{
    private const int Epochs = 8;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_training_that_is_killed_again_and_again_ends_with_the_bytes_of_one_that_was_not()
    {
        long start = Stopwatch.GetTimestamp();
        ConvNetProgram.RunProcess(Training("whole", "w.zip")).Succeeded();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // CONVNET_KILLS says how often; at any moment of a life as long as the whole one, its start and its end included.
        int kills = int.Parse(Environment.GetEnvironmentVariable("CONVNET_KILLS") ?? "3", CultureInfo.InvariantCulture);
        Random random = new(kills);
        int killed = 0;
        while (killed < kills && !File.Exists(_folder["k.zip"]))
        {
            using ConvNetProgram program = ConvNetProgram.Start([.. Training("killed", "k.zip"), "--resume"]);
            Thread.Sleep(TimeSpan.FromSeconds(random.NextDouble() * seconds));
            killed += program.TryKill() ? 1 : 0;
        }

        ProgramRun run = ConvNetProgram.RunProcess([.. Training("killed", "k.zip"), "--resume", "--json", _folder["r.json"]]).Succeeded();
        Console.WriteLine($"killed {killed} times");
        Assert.IsGreaterThan(0, killed);
        Assert.AreEqual(Epochs, TrainedModels.ReadJson(_folder["r.json"]).GetProperty("epochs").GetArrayLength(), run.Output);
        using ZipArchive expected = ZipFile.OpenRead(_folder["w.zip"]);
        using ZipArchive received = ZipFile.OpenRead(_folder["k.zip"]);
        CollectionAssert.AreEqual(
            expected.Entries.Select(entry => entry.FullName).ToArray(), received.Entries.Select(entry => entry.FullName).ToArray());
        foreach (ZipArchiveEntry entry in expected.Entries)
        {
            CollectionAssert.AreEqual(Content(entry), Content(received.GetEntry(entry.FullName)!), entry.FullName);
        }
    }

    [TestMethod]
    public void A_folder_that_is_in_use_is_refused_unless_the_training_is_to_go_on()
    {
        ConvNetProgram.Run(Training("c", "m.zip", epochs: 1)).Succeeded();
        ConvNetProgram.Run(Training("c", "m.zip", epochs: 1)).FailedWithOneLine("set --resume to go on with that training");
        ConvNetProgram.Run([.. Training("c", "m.zip", epochs: 1), "--resume", "--seed", "7"])
            .FailedWithOneLine("Received: 7 as seed");
        string[] bare = ["train", "--data", TrainedModels.DigitsFolder, "--arch", "fc", "--model", _folder["m.zip"]];
        ConvNetProgram.Run([.. bare, "--resume"]).FailedWithOneLine("--resume is for the folder of --checkpoints. Received: no --checkpoints.");
        ConvNetProgram.Run([.. bare, "--checkpoint-steps", "3"]).FailedWithOneLine("--checkpoint-steps is for the folder of --checkpoints.");
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using MemoryStream memory = new();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private string[] Training(string checkpoints, string model, int epochs = Epochs) =>
    [
        "train", "--data", TrainedModels.DigitsFolder, "--arch", "conv3-8 bn relu pool2 dropout fc", "--model", _folder[model],
        "--epochs", epochs.ToString(CultureInfo.InvariantCulture), "--checkpoints", _folder[checkpoints],
        "--checkpoint-steps", "7", "--batch-size", "32",
    ];
}
