using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Whatever ends a training early, or keeps it from showing how far it is, leaves a model.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
public sealed class InterruptionTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    [DataRow("QUIT")]
    [DataRow("HUP")]
    public void A_signal_stops_a_training_and_saves_the_best_model_so_far(string signal)
    {
        using ConvNetProgram program = ConvNetProgram.Start(Training(epochs: 100_000));
        program.WaitForOutput("epoch 2/100000");
        program.Signal(signal);
        ProgramRun run = program.WaitForEnd();

        Assert.AreEqual(130, run.ExitCode, run.Error);
        Assert.AreEqual(string.Empty, run.Error);
        StringAssert.Contains(run.Output, "the best model so far is saved to");
        Assert.IsTrue(TrainedModels.ReadJson(_folder["r.json"]).GetProperty("interrupted").GetBoolean());
        ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", TrainedModels.DigitsFolder).Succeeded();
    }

    [TestMethod]
    public void A_signal_stops_a_fine_tuning_and_saves_the_best_model_so_far()
    {
        using ConvNetProgram program = ConvNetProgram.Start(
            "finetune", "--data", TrainedModels.ColoursFolder, "--base", TrainedModels.ColoursModel, "--head-epochs", "2", "--epochs", "100000",
            "--model", _folder["m.zip"], "--json", _folder["r.json"]);
        program.WaitForOutput("\nepoch 2/100000");
        program.Signal("INT");
        ProgramRun run = program.WaitForEnd();

        Assert.AreEqual(130, run.ExitCode, run.Error);
        Assert.AreEqual(string.Empty, run.Error);
        StringAssert.Contains(run.Output, "the best model so far is saved to");
        Assert.IsTrue(TrainedModels.ReadJson(_folder["r.json"]).GetProperty("interrupted").GetBoolean());
        ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", TrainedModels.ColoursFolder).Succeeded();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Under_nohup_a_training_goes_on_when_its_terminal_is_closed()
    {
        using ConvNetProgram program = ConvNetProgram.StartInShell("exec nohup \"$@\"", Training(epochs: 100_000));
        program.WaitForOutput("epoch 2/100000");
        program.Send("HUP");
        program.WaitForOutput("epoch 6/100000");
        program.Signal("TERM");
        ProgramRun run = program.WaitForEnd();
        Assert.AreEqual(130, run.ExitCode, run.Error);
        Assert.IsTrue(File.Exists(_folder["m.zip"]));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_disk_that_is_full_of_the_log_does_not_end_a_training()
    {
        using ConvNetProgram program = ConvNetProgram.StartInShell("exec \"$@\" > /dev/full", Training(epochs: 2));
        ProgramRun run = program.WaitForEnd();
        run.FailedWithOneLine("not all of standard output could be written", "No space left on device");
        RequireWhole(epochs: 2);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Standard_error_on_a_full_disk_does_not_either()
    {
        using ConvNetProgram program = ConvNetProgram.StartInShell("exec \"$@\" > /dev/full 2> /dev/full", Training(epochs: 2));
        Assert.AreEqual(1, program.WaitForEnd().ExitCode);
        RequireWhole(epochs: 2);
    }

    [TestMethod]
    public void A_reader_of_the_output_that_goes_away_does_not_end_a_training()
    {
        using ConvNetProgram program = ConvNetProgram.StartInShell("{ \"$@\"; echo \"ended with $?\" >&2; } | head -n 1", Training(epochs: 2));
        ProgramRun run = program.WaitForEnd();
        Assert.AreEqual("ended with 0\n", run.Error);
        RequireWhole(epochs: 2);
    }

    private void RequireWhole(int epochs)
    {
        Assert.AreEqual(epochs, TrainedModels.ReadJson(_folder["r.json"]).GetProperty("epochs").GetArrayLength());
        ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", TrainedModels.DigitsFolder).Succeeded();
    }

    private string[] Training(int epochs) =>
    [
        "train", "--data", TrainedModels.DigitsFolder, "--arch", "lenet5", "--epochs", $"{epochs}",
        "--model", _folder["m.zip"], "--json", _folder["r.json"],
    ];
}
