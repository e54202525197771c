using System.Text.RegularExpressions;

namespace Microsoft.ML.ConvNet.Tests.Transfer;

/// <summary>The page for users of Microsoft.ML.Vision.</summary>
[TestClass]
public sealed class MigrationPageTests
{
    [TestMethod]
    public void It_names_every_option_and_none_that_there_is_not()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "MIGRATION.md"));
        string[] named =
        [
            .. page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
                .SelectMany(line => Regex.Matches(line.Split('|')[2] is var ours && ours.Contains("the same", StringComparison.Ordinal) ? line.Split('|')[1] : ours, "`(\\w+)`"))
                .Select(match => match.Groups[1].Value),
        ];
        string[] options = [.. typeof(ConvNetFineTuningTrainer.Options).GetProperties().Select(property => property.Name)];
        Assert.AreEqual(string.Empty, string.Join(' ', options.Except(named)), "options that the page does not name");
        Assert.AreEqual(string.Empty, string.Join(' ', named.Except(options)), "names that are no options");
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Microsoft.ML.ConvNet.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException();
    }
}
