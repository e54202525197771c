using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet augment</c>: shows what an augmentation makes of an image, as a contact sheet.</summary>
internal static class AugmentCommand
{
    private const int UsualColumns = 8;
    private const int UsualSize = 128;

    public static System.CommandLine.Command Create()
    {
        Argument<string> image = new("image") { Description = "An image file.", HelpName = "IMAGE" };
        Option<string> output = new("--out") { Description = "Where to write the sheet: a PNG file.", HelpName = "FILE", Required = true };
        Option<int?> columns = NumberOptions.Integer(
            "--columns", 2, 64, FormattableString.Invariant($"How many images a row has, the original among them; by default {UsualColumns}."));
        Option<int?> size = NumberOptions.Integer(
            "--size",
            8,
            1024,
            "The longer side that the image is brought to first, as training brings it to the size of the network, on which moves and crops in pixels depend; "
            + FormattableString.Invariant($"by default {UsualSize}."));
        Option<int?> seed = NumberOptions.Integer("--seed", 0, int.MaxValue, "The same seed gives the same sheet; by default 0.");
        Option<int?> maxPixels = CommandOptions.MaxPixels();
        AugmentationOptions augmentation = new();
        System.CommandLine.Command command = new(
            "augment",
            "Writes a contact sheet of what train makes of an image with the same options: each row begins with the original; the first row has all options "
            + "together, and where there are several, each has a row of its own.")
        {
            image, output, columns, size, seed, maxPixels,
        };
        augmentation.AddTo(command);
        command.SetAction(parsed =>
        {
            IReadOnlyList<(string Text, ImageAugmentation Augmentation)> each = augmentation.Each(parsed);
            if (augmentation.Of(parsed) is not { } all || each.Count == 0)
            {
                throw new CommandException($"What is done to the image is one of {augmentation.Names}, or several. Received: none.");
            }

            all.Check();
            return Run(
                new ContactSheet
                {
                    Rows = each.Count == 1 ? each : [("all of them", all), .. each],
                    Columns = parsed.GetValue(columns) ?? UsualColumns,
                    Size = parsed.GetValue(size) ?? UsualSize,
                    Seed = parsed.GetValue(seed) ?? 0,
                },
                parsed.GetRequiredValue(image),
                CommandOptions.Decoder(parsed.GetValue(maxPixels)),
                parsed.GetRequiredValue(output));
        });
        return command;
    }

    private static int Run(ContactSheet sheet, string imagePath, ImageDecoder decoder, string outputPath)
    {
        OutputFile.RequireWritable(outputPath, "--out");
        byte[] png = sheet.Draw(imagePath, decoder with { PutsOnWhite = true });
        AtomicFile.Write(outputPath, stream => stream.Write(png));
        Console.Out.WriteLine(
            $"{ProgressText.Count(sheet.Rows.Count, "row")} of {sheet.Columns} images, the original first, written to {TerminalText.Of(outputPath)}");
        return ExitCode.Success;
    }
}
