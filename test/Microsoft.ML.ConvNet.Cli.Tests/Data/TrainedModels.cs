using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Data;

/// <summary>Data and models that many tests use, trained once by the program itself.</summary>
[TestClass]
public static class TrainedModels
{
    private static TestFolder? _folder;

    /// <summary>A folder of IDX files with 1,000 drawn digits to train and 200 to test.</summary>
    public static string DigitsFolder => _folder!["digits"];

    /// <summary>LeNet-5 trained on them.</summary>
    public static string DigitsModel => _folder!["digits.zip"];

    /// <summary>What the training of <see cref="DigitsModel"/> wrote.</summary>
    internal static ProgramRun DigitsRun { get; private set; } = null!;

    /// <summary>The JSON of the training of <see cref="DigitsModel"/>.</summary>
    public static JsonElement DigitsReport => ReadJson(_folder!["digits.json"]);

    /// <summary>A folder of 90 PNG files of three colours, 20x20 and 24x24.</summary>
    public static string ColoursFolder => _folder!["colours"];

    /// <summary>LeNet-5 trained on them.</summary>
    public static string ColoursModel => _folder!["colours.zip"];

    /// <summary>What the training of <see cref="ColoursModel"/> wrote.</summary>
    internal static ProgramRun ColoursRun { get; private set; } = null!;

    [AssemblyInitialize]
    public static void Train(TestContext context)
    {
        _folder = new TestFolder();
        IdxFiles.WriteDigits(DigitsFolder, training: 1_000, test: 200);
        DigitsRun = ConvNetProgram.Run(
            "train", "--data", DigitsFolder, "--arch", "lenet5", "--epochs", "4", "--validation-fraction", "0.2",
            "--model", DigitsModel, "--json", _folder["digits.json"]);
        ImageFolders.WriteColours(ColoursFolder, perClass: 30, size: i => i % 2 == 0 ? 20 : 24, seed: 1);
        ColoursRun = ConvNetProgram.Run(
            "train", "--data", ColoursFolder, "--arch", "lenet5", "--epochs", "4", "--batch-size", "8", "--model", ColoursModel);
    }

    [AssemblyCleanup]
    public static void Delete() => _folder?.Dispose();

    /// <summary>Reads a JSON file.</summary>
    public static JsonElement ReadJson(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;
}
