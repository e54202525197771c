using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Floors;

/// <summary>A folder of the core is a floor and uses only the floors beneath it.</summary>
[TestClass]
public partial class FloorTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Tensors"] = [],
        ["Threading"] = ["Tensors"],
        ["Kernels"] = ["Tensors", "Threading"],
        ["Ops"] = ["Tensors", "Threading", "Kernels"],
        ["Layers"] = ["Tensors", "Threading", "Kernels", "Ops"],
        ["Networks"] = ["Tensors", "Threading", "Kernels", "Ops", "Layers"],
        ["Planning"] = ["Tensors", "Threading", "Kernels", "Ops", "Layers", "Networks"],
        ["Running"] = ["Tensors", "Threading", "Kernels", "Ops", "Layers", "Networks", "Planning"],
        ["Storage"] = ["Tensors", "Threading", "Kernels", "Ops", "Layers", "Networks"],
        ["Data"] = ["Tensors", "Threading"],
        ["Training"] = ["Tensors", "Threading", "Kernels", "Ops", "Layers", "Networks", "Planning", "Running", "Storage", "Data"],
        ["Explain"] = ["Tensors", "Threading", "Kernels", "Ops", "Layers", "Networks", "Planning", "Running", "Storage", "Data", "Training"],
        ["Zoo"] = ["Tensors", "Layers", "Networks"],
    };

    [TestMethod]
    public void A_floor_uses_only_the_floors_beneath_it()
    {
        List<string> violations = [];
        foreach ((string floor, string file) in Sources())
        {
            string code = WithoutTextAndComments(File.ReadAllText(file));
            IEnumerable<string> used = References().Matches(code).Select(match => match.Groups[1].Value).Distinct();
            foreach (string other in used.Where(other => other != floor && Allowed.ContainsKey(other) && !Allowed[floor].Contains(other)))
            {
                violations.Add($"{floor}/{Path.GetFileName(file)} uses {other}");
            }
        }

        Assert.IsEmpty(violations, string.Join("; ", violations));
    }

    [TestMethod]
    public void Every_file_is_in_the_namespace_of_its_floor()
    {
        int files = 0;
        foreach ((string floor, string file) in Sources())
        {
            Match declared = NamespaceDeclaration().Match(File.ReadAllText(file));
            Assert.IsTrue(declared.Success, file);
            Assert.IsTrue(
                $"{declared.Groups[1].Value}.".StartsWith($"Microsoft.ML.ConvNet.{floor}.", StringComparison.Ordinal),
                $"{file}: {declared.Groups[1].Value}");
            files++;
        }

        Assert.IsTrue(files > 50, $"Only {files} files were looked at.");
    }

    [TestMethod]
    public void The_core_references_nothing_but_the_runtime()
    {
        string[] referenced = [.. typeof(Shape).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)];
        Assert.IsTrue(referenced.All(name => name.StartsWith("System", StringComparison.Ordinal)), string.Join(", ", referenced));
        string project = Path.Combine(Core(), "Microsoft.ML.ConvNet.Core.csproj");
        string[] items = [.. XDocument.Load(project).Descendants().Select(element => element.Name.LocalName)];
        Assert.IsFalse(items.Any(item => item is "PackageReference" or "ProjectReference" or "Reference" or "Import"));
    }

    [TestMethod]
    [DataRow("using Microsoft.ML.ConvNet.Training;", "Training")]
    [DataRow("var x = new Training.Loss();", "Training")]
    [DataRow("using static Microsoft.ML.ConvNet.Ops.OpGraph;", "Ops")]
    [DataRow("using A = Microsoft.ML.ConvNet.Zoo.LeNet5;", "Zoo")]
    public void A_reference_is_seen_however_it_is_written(string code, string floor) =>
        Assert.AreEqual(floor, References().Match(WithoutTextAndComments(code)).Groups[1].Value);

    [TestMethod]
    [DataRow("// using Microsoft.ML.ConvNet.Training;")]
    [DataRow("string s = \"Microsoft.ML.ConvNet.Training.Loss\";")]
    [DataRow("network.Layers.Count")]
    public void What_only_looks_like_a_reference_is_not_one(string code) =>
        Assert.IsFalse(References().IsMatch(WithoutTextAndComments(code)));

    private static string Core()
    {
        string? core = SourceTree.CoreFolder();
        if (core == null)
        {
            Assert.Inconclusive("The sources are not beside the tests.");
        }

        return core;
    }

    private static IEnumerable<(string Floor, string File)> Sources()
    {
        foreach (string folder in Directory.GetDirectories(Core()).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj" or "Properties")))
        {
            string floor = Path.GetFileName(folder);
            Assert.IsTrue(Allowed.ContainsKey(floor), $"The folder {floor} has no place in the house.");
            foreach (string file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
            {
                yield return (floor, file);
            }
        }
    }

    private static string WithoutTextAndComments(string code) => TextAndComments().Replace(code, " ");

    [GeneratedRegex("""\"{3}.*?\"{3}|//[^\n]*|/\*.*?\*/|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""", RegexOptions.Singleline)]
    private static partial Regex TextAndComments();

    [GeneratedRegex(@"(?:Microsoft\.ML\.ConvNet\.|(?<![\w.]))(Tensors|Threading|Kernels|Ops|Layers|Networks|Planning|Running|Storage|Data|Training|Explain|Zoo)(?:\.[A-Z]|\s*;)")]
    private static partial Regex References();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();
}
