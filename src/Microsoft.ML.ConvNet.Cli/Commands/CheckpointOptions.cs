using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Models;

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

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_folder, _steps, _resume];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>Settings with what they say.</summary>
    /// <exception cref="CommandException">There is no folder that the others are for.</exception>
    public LearningSettings AddTo(LearningSettings settings, ParseResult parsed)
    {
        (string? folder, int steps, bool resumes) = (parsed.GetValue(_folder), parsed.GetValue(_steps) ?? 0, parsed.GetValue(_resume));
        if (folder is null && (resumes || steps > 0))
        {
            throw new CommandException($"{(resumes ? _resume.Name : _steps.Name)} is for the folder of {_folder.Name}. Received: no {_folder.Name}.");
        }

        return settings with { CheckpointFolder = folder, CheckpointSteps = steps, Resumes = resumes };
    }
}
