using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Readme;

/// <summary>
/// The pipeline that the README shows is compiled here, and does what the README says. Not in parallel: it reads and writes in the
/// current directory, and prints.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed partial class ReadmeTests
{
    private const int ImagesPerClass = 20;

    private static readonly (string Name, byte Red, byte Blue)[] Classes = [("rose", 200, 40), ("violet", 40, 200)];

    [TestMethod]
    public void The_readmes_pipeline_is_the_one_that_is_compiled_here()
    {
        string here = Path.GetDirectoryName(ThisFile())!;
        string readme = File.ReadAllText(Path.Combine(here, "..", "..", "..", "README.md"));
        string twin = File.ReadAllText(Path.Combine(here, "ReadmePipeline.cs"));
        string shown = CSharpBlocks().Matches(readme).Single().Groups[1].Value;
        string compiled = string.Concat(Marked().Matches(twin).Select(match => match.Groups[1].Value));
        Assert.AreEqual(WithoutWhitespace(compiled), WithoutWhitespace(shown), "Change README.md and ReadmePipeline.cs together.");
    }

    [TestMethod]
    public void The_readmes_pipeline_is_of_15_lines_at_most()
    {
        string readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "README.md"));
        string[] lines = CSharpBlocks().Match(readme).Groups[1].Value.Split('\n');
        Assert.IsLessThanOrEqualTo(15, lines.Count(line => line.Trim().Length > 0));
    }

    [TestMethod]
    public void The_readmes_pipeline_learns_images_of_any_size_and_saves_a_model_that_a_plain_load_reads()
    {
        using TestFolder folder = new();
        WriteFlowers(folder.Path);
        string printed = RunIn(folder.Path);
        Assert.IsGreaterThan(0.9, double.Parse(printed, CultureInfo.CurrentCulture));

        MLContext context = new();
        ITransformer model = context.Model.Load(Path.Combine(folder.Path, "flowers.zip"), out _);
        string[] names = [.. Classes.Select(one => one.Name)];
        IDataView unseen = context.Data.LoadFromEnumerable(
            names.Select(name => new Photo { Path = Path.Combine(folder.Path, "flowers", name, "0.png"), Label = name }));
        string[] predicted = [.. model.Transform(unseen).GetColumn<string>("PredictedLabel")];
        CollectionAssert.AreEqual(names, predicted);
    }

    private static string RunIn(string folder)
    {
        string before = Directory.GetCurrentDirectory();
        TextWriter console = Console.Out;
        using StringWriter printed = new(CultureInfo.InvariantCulture);
        try
        {
            Directory.SetCurrentDirectory(folder);
            Console.SetOut(printed);
            ReadmePipeline.Run();
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
        }

        return printed.ToString().Trim();
    }

    /// <summary>A folder "flowers" with noisy images of one colour a class, in many sizes.</summary>
    private static void WriteFlowers(string folder)
    {
        // A fixed seed: the same images on every machine.
        Random random = new(1);
        foreach ((string name, byte red, byte blue) in Classes)
        {
            string classFolder = Directory.CreateDirectory(Path.Combine(folder, "flowers", name)).FullName;
            for (int i = 0; i < ImagesPerClass; i++)
            {
                int width = random.Next(20, 60);
                int height = random.Next(20, 60);
                byte[] pixels = new byte[4 * width * height];
                for (int at = 0; at < pixels.Length; at += 4)
                {
                    pixels[at] = (byte)(red + random.Next(40));
                    pixels[at + 1] = (byte)random.Next(256);
                    pixels[at + 2] = (byte)(blue + random.Next(40));
                    pixels[at + 3] = 255;
                }

                using MLImage image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
                image.Save(Path.Combine(classFolder, $"{i}.png"));
            }
        }
    }

    private static string WithoutWhitespace(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    private static string ThisFile([CallerFilePath] string file = "") => file;

    [GeneratedRegex("```csharp\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlocks();

    [GeneratedRegex("// <readme>\r?\n(.*?)// </readme>", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
