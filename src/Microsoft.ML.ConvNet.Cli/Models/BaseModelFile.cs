using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>Reads what <c>--base</c> names: a network that was trained before.</summary>
internal static class BaseModelFile
{
    /// <summary>The name of the network that needs no file of the user's.</summary>
    public const string ResNet18 = "resnet18";

    /// <summary>What can be read, for help texts and errors.</summary>
    public const string Kinds =
        "resnet18 (which is fetched with NuGet the first time: 59 MB), a model file of this tool, an ONNX model, or a .safetensors file with tensors as torchvision "
        + "names them";

    private const string SafeTensorsEnd = ".safetensors";

    /// <summary>Reads a network.</summary>
    /// <param name="given">The name, or the path of a file.</param>
    /// <param name="architecture">The architecture that the tensors of a safetensors file are of; null where it is not said.</param>
    /// <param name="pixels">What is done to pixels before an ONNX model; null where nothing is said.</param>
    /// <returns>The network, which belongs to the caller.</returns>
    /// <exception cref="CommandException">There is no such file, or none that can be a base.</exception>
    public static PretrainedModel Read(string given, string? architecture, PixelSettings? pixels)
    {
        bool isKnown = given.Equals(ResNet18, StringComparison.OrdinalIgnoreCase) && !File.Exists(given);
        if (!isKnown && !File.Exists(given))
        {
            throw new CommandException(
                $"--base names {Kinds}. Received: \"{TerminalText.Of(given)}\", which {(Directory.Exists(given) ? "is a folder" : "does not exist")}.");
        }

        bool isSafeTensors = !isKnown && given.EndsWith(SafeTensorsEnd, StringComparison.OrdinalIgnoreCase);
        bool isOwn = !isKnown && !isSafeTensors && RegularFile.BeginsWith(given, "PK"u8);
        Require(architecture is not null || !isSafeTensors, "--arch names the architecture of a .safetensors file, such as resnet18", "none", given);
        Require(architecture is null || isSafeTensors, "--arch is for a .safetensors file", architecture, given);
        Require(
            pixels is null || (!isKnown && !isSafeTensors && !isOwn),
            "--order, --mean and --std say what is done to pixels before an ONNX model; others have their own",
            "some",
            given);
        try
        {
            return isKnown ? BaseNetwork.LoadResNet18(ResNet18Package.Find())
                : isSafeTensors ? PretrainedModel.LoadSafeTensors(given, architecture!)
                : isOwn ? PretrainedModel.Load(given)
                : OnnxPretrained.Load(given, NormalizationOf(pixels), pixels?.Order ?? default);
        }
        catch (Exception error) when (error is ModelFormatException or OnnxImportException or NetworkDefinitionException or IOException
            or UnauthorizedAccessException)
        {
            throw new CommandException($"--base names {Kinds}. Received: \"{TerminalText.Of(given)}\": {error.Message}", error);
        }
    }

    private static PixelNormalization? NormalizationOf(PixelSettings? pixels) => pixels is null
        ? null
        : PixelNormalization.Of(pixels.Mean, pixels.Deviation is null ? null : [.. pixels.Deviation.Select(number => 1 / number)]);

    private static void Require(bool condition, string demand, string? received, string given)
    {
        if (!condition)
        {
            throw new CommandException($"{demand}. Received: {received} for \"{TerminalText.Of(given)}\".");
        }
    }
}
