using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>The context of a training, of which the trainer's warnings are shown.</summary>
internal static class TrainingContext
{
    /// <summary>Makes a context.</summary>
    /// <param name="settings">The training; once it is cancelled, its warnings say what this tool says itself.</param>
    public static MLContext Create(LearningSettings settings)
    {
        MLContext context = new(settings.Seed);
        context.Log += (_, message) =>
        {
            // How programs get the model of a training that failed is no news to people: this tool saves it.
            if (message.Kind == ChannelMessageKind.Warning
                && !settings.CancellationToken.IsCancellationRequested
                && !message.RawMessage.Contains(nameof(ConvNetTransformer.FromFailure), StringComparison.Ordinal))
            {
                Console.Error.WriteLine($"warning: {TerminalText.Of(ErrorLine.InOneLine(LibraryTerms.Replaced(message.RawMessage)))}");
            }
        };
        return context;
    }
}
