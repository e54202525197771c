using System.CommandLine;
using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Commands;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Numbers mean the same wherever the program runs: a decimal comma is refused, never passed over.</summary>
[TestClass]
public sealed class NumberOptionsTests
{
    private const string German = "de_DE.UTF-8";

    private static readonly Option<double?> Rate = NumberOptions.Real("--rate", new RealRange(1e-12, 1e6), "A rate.");

    [TestMethod]
    [DataRow("0.01", 0.01)]
    [DataRow("1e-3", 0.001)]
    [DataRow("1E-3", 0.001)]
    [DataRow(".5", 0.5)]
    [DataRow("+2", 2.0)]
    [DataRow("1000", 1000.0)]
    public void A_number_with_a_decimal_point_or_an_exponent_is_read(string text, double expected)
    {
        ParseResult parsed = new RootCommand { Rate }.Parse(["--rate", text]);
        Assert.AreEqual(0, parsed.Errors.Count);
        Assert.AreEqual(expected, parsed.GetValue(Rate));
    }

    [TestMethod]
    [DataRow("0,01", ", with a decimal point: 0.01. Received: 0,01.")]
    [DataRow("0,001", ", with a decimal point: 0.001. Received: 0,001.")]
    [DataRow("1,5", ", with a decimal point: 1.5. Received: 1,5.")]
    [DataRow("1,5e-3", ", with a decimal point: 1.5e-3. Received: 1,5e-3.")]
    [DataRow("1,000", ", with a decimal point and no separators, such as 0.01, 1e-2 or 1000. Received: 1,000.")]
    [DataRow("1,000.5", "no separators")]
    [DataRow("1.000,5", "no separators")]
    [DataRow("1 000", "no separators")]
    [DataRow("1'000", "no separators")]
    [DataRow("1_000", "no separators")]
    [DataRow("1.000.000", "no separators")]
    [DataRow("NaN", "is a number from 1E-12 to 1000000. Received: NaN.")]
    [DataRow("Infinity", "Received: Infinity.")]
    [DataRow("∞", "Received: ∞.")]
    [DataRow("1e400", "Received: 1e400.")]
    [DataRow("1e-50", "Received: 1e-50.")]
    [DataRow("0", "Received: 0.")]
    [DataRow("0x10", "Received: 0x10.")]
    public void Other_texts_are_refused_with_what_was_received_and_the_form_that_would_do(string text, string said)
    {
        ParseResult parsed = new RootCommand { Rate }.Parse(["--rate", text]);
        Assert.AreEqual(1, parsed.Errors.Count);
        StringAssert.Contains(parsed.Errors[0].Message, said);
    }

    [TestMethod]
    [DataRow("0,5")]
    [DataRow("1,000.5")]
    [DataRow("NaN")]
    public void Every_real_option_of_every_command_refuses_it(string text)
    {
        List<string> found = [];
        foreach (System.CommandLine.Command command in Program.CreateRootCommand().Subcommands)
        {
            foreach (Option option in command.Options.Where(option => IsReal(option.ValueType)))
            {
                found.Add(option.Name);
                ParseResult parsed = command.Parse([option.Name, text]);
                Assert.IsTrue(
                    parsed.Errors.Any(error => error.Message.StartsWith(option.Name, StringComparison.Ordinal)
                        && error.Message.EndsWith($"Received: {text}.", StringComparison.Ordinal)),
                    $"{command.Name} {option.Name} {text}");
            }
        }

        CollectionAssert.IsSubsetOf(
            new[] { "--learning-rate", "--validation-fraction", "--width", "--rtol", "--atol", "--mean", "--std" }, found);
    }

    [TestMethod]
    [DataRow("1,000")]
    [DataRow("1.000")]
    [DataRow("1e3")]
    public void A_whole_number_has_no_separators(string text)
    {
        Option<int?> option = NumberOptions.Integer("--count", 1, 100_000, "A count.");
        ParseResult parsed = new RootCommand { option }.Parse(["--count", text]);
        Assert.AreEqual(1, parsed.Errors.Count);
        StringAssert.Contains(parsed.Errors[0].Message, $"--count is a whole number from 1 to 100000");
        StringAssert.Contains(parsed.Errors[0].Message, $"Received: {text}.");
    }

    [TestMethod]
    [DataRow("103.9,116.8,123.7", 3)]
    [DataRow("127.5", 1)]
    public void Numbers_of_channels_have_commas_between_them(string text, int count)
    {
        Option<float[]?> option = NumberOptions.RealOfEachChannel("--mean", new RealRange(-1e6, 1e6), [1, 3], "Means.");
        float[] read = new RootCommand { option }.Parse(["--mean", text]).GetValue(option)!;
        CollectionAssert.AreEqual(
            text.Split(',').Select(part => float.Parse(part, CultureInfo.InvariantCulture)).ToArray(), read);
        Assert.AreEqual(count, read.Length);
    }

    [TestMethod]
    [DataRow("0,485,0,456,0,406")]
    [DataRow("0,5")]
    [DataRow("1;2;3")]
    [DataRow("1,,3")]
    public void A_list_with_decimal_commas_is_refused(string text)
    {
        Option<float[]?> option = NumberOptions.RealOfEachChannel("--mean", new RealRange(-1e6, 1e6), [1, 3], "Means.");
        ParseResult parsed = new RootCommand { option }.Parse(["--mean", text]);
        StringAssert.Contains(parsed.Errors[0].Message, $"decimal points within, such as 1,2.5,3. Received: {text}.");
    }

    [TestMethod]
    [DataRow("--width 0,5")]
    [DataRow("--width 1,5")]
    public void A_decimal_comma_is_refused_in_a_culture_that_writes_it(string arguments)
    {
        ConvNetProgram.RunIn(German, ["summary", "lenet5", .. arguments.Split(' ')])
            .FailedWithOneLine($"Received: {arguments.Split(' ')[1]}.");
    }

    [TestMethod]
    public void What_is_printed_is_the_same_in_a_culture_with_decimal_commas()
    {
        string[] evaluate = ["evaluate", "--model", TrainedModels.DigitsModel, "--data", TrainedModels.DigitsFolder];
        string here = ConvNetProgram.Run(evaluate).Succeeded().Output;
        string there = ConvNetProgram.RunIn(German, evaluate).Succeeded().Output;
        Assert.AreEqual(WithoutSpeed(here), WithoutSpeed(there));
        StringAssert.Contains(here, "Precision ||");

        using TestFolder folder = new();
        File.WriteAllBytes(folder["labels.txt"], new byte[17 * 1024 * 1024]);
        ConvNetProgram.Run("export", "--model", TrainedModels.DigitsModel, folder["m.onnx"]).Succeeded();
        ConvNetProgram.RunIn(German, ["import", folder["m.onnx"], "--labels", folder["labels.txt"], "--model", folder["m.zip"]])
            .FailedWithOneLine("16,777,216 bytes");
    }

    private static bool IsReal(Type type) => type == typeof(double?) || type == typeof(float[]);

    private static string WithoutSpeed(string output) =>
        string.Join('\n', output.Split('\n').Where(line => !line.Contains("images/s", StringComparison.Ordinal)));
}
