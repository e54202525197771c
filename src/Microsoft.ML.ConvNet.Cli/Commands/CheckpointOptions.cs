using System.CommandLine;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that say where the states of a training are saved, and whether it goes on from one.</summary>
internal sealed class CheckpointOptions
{
    private readonly Option<string> _folder = new("--checkpoints")
    {
        Description = "A folder into which the state of the training is saved after each epoch, and where it is stopped; one folder is for one training.",
        HelpName = "DIR",
    };

    private readonly Option<int?> _steps = NumberOptions.Integer(
        "--checkpoint-steps", 1, 1_000_000_000, "After how many steps a state is saved, too; by default only after each epoch.");

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on from the newest state in the folder of --checkpoints, where there is one, to the very bits of a training that was "
            + "never stopped; all other options are those of the beginning.",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        command.Add(_folder);
        command.Add(_steps);
        command.Add(_resume);
    }

    /// <summary>The folder; null for none.</summary>
    public string? Folder(ParseResult parsed) => parsed.GetValue(_folder);

    /// <summary>After how many steps a state is saved, too; 0 for never.</summary>
    public int Steps(ParseResult parsed) => parsed.GetValue(_steps) ?? 0;

    /// <summary>Whether the training goes on from the newest state.</summary>
    public bool Resumes(ParseResult parsed) => parsed.GetValue(_resume);

    /// <summary>Demands the folder that the others are for.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static void RequireFolder(string? folder, int steps, bool resumes)
    {
        if (folder is null && (resumes || steps > 0))
        {
            throw new CommandException(
                $"{(resumes ? "--resume" : "--checkpoint-steps")} is for the folder of --checkpoints. Received: no --checkpoints.");
        }
    }
}
