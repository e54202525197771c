using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>What names a network on the command line: an architecture, a network in notation, or a model file.</summary>
internal static class NetworkArgument
{
    /// <summary>How an architecture is named, for help texts.</summary>
    public const string Architectures =
        "an architecture by name (convnet zoo lists them) or layers in one line, such as \"conv3-32 relu pool2 fc500 relu fc\"";

    public static Argument<string> Create() => new("name|file")
    {
        Description = $"A network: {Architectures}; or a model file.",
        HelpName = "NAME|FILE",
    };

    /// <summary>Finds an architecture, or takes a network in notation where there is no such file.</summary>
    public static bool TryGetArchitecture(string subject, [NotNullWhen(true)] out Architecture? architecture)
    {
        if (Architecture.TryGet(subject, out architecture))
        {
            return true;
        }

        architecture = !File.Exists(subject) && Architecture.IsNotation(subject) ? Architecture.Get(subject) : null;
        return architecture != null;
    }

    /// <summary>The error for what names nothing.</summary>
    public static CommandException Unknown(string command, string subject) => new(
        $"{command} takes the name of an architecture (convnet zoo lists them), layers in one line, or a model file. "
        + $"Received: \"{TerminalText.Of(subject)}\", which is none of them.");
}
