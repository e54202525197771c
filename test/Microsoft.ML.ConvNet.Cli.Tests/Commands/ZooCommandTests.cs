using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

[TestClass]
public sealed class ZooCommandTests
{
    [TestMethod]
    public void The_list_has_a_row_an_architecture_with_what_was_published()
    {
        string[] lines = ConvNetProgram.Run("zoo").Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.IsTrue(lines.Length > 60, $"{lines.Length} lines");
        StringAssert.StartsWith(lines[0], "name ");
        string[] vgg = lines.Single(line => line.StartsWith("vgg16 ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CollectionAssert.AreEqual(
            new[] { "vgg16", "2014", "138,357,544", "15,470,264,320", "224x224x3", "1000", "74.4", "91.9", "Simonyan" }, vgg[..9]);
    }

    [TestMethod]
    public void The_JSON_has_the_same_and_null_where_nothing_was_published()
    {
        JsonElement[] entries = [.. JsonDocument.Parse(ConvNetProgram.Run("zoo", "--json").Succeeded().Output).RootElement.EnumerateArray()];
        JsonElement mobileNet = entries.Single(entry => entry.GetProperty("name").GetString() == "mobilenet-v2");
        Assert.AreEqual(2018, mobileNet.GetProperty("year").GetInt32());
        Assert.AreEqual(3_504_872, mobileNet.GetProperty("parameters").GetInt64());
        Assert.AreEqual("224x224x3", mobileNet.GetProperty("input").GetString());
        Assert.AreEqual(72.0, mobileNet.GetProperty("top1").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, mobileNet.GetProperty("top5").ValueKind);
        StringAssert.Contains(mobileNet.GetProperty("paper").GetString(), "MobileNetV2");
    }
}
