using Microsoft.ML.ConvNet.Cli.Display;

namespace Microsoft.ML.ConvNet.Cli.Tests.Display;

[TestClass]
public sealed class TerminalTextTests
{
    [TestMethod]
    [DataRow("rose")]
    [DataRow("Gänseblümchen, 雛菊 [red] {0}")]
    [DataRow("👩‍🌾")]
    public void Names_as_people_give_them_stay_as_they_are(string name) => Assert.AreEqual(name, TerminalText.Of(name));

    [TestMethod]
    [DataRow("\u001b[31mred", "\\u001B[31mred")]
    [DataRow("a\nb", "a\\u000Ab")]
    [DataRow("a\r\nb\t", "a\\u000D\\u000Ab\\u0009")]
    [DataRow("\u009b31m", "\\u009B31m")]
    [DataRow("a\u007f\b", "a\\u007F\\u0008")]
    [DataRow("txt.\u202egnp", "txt.\\u202Egnp")]
    [DataRow("a\u2028b", "a\\u2028b")]
    public void What_a_terminal_would_obey_is_written_as_a_number(string name, string expected) =>
        Assert.AreEqual(expected, TerminalText.Of(name));

    [TestMethod]
    public void Half_a_character_is_written_as_a_number() => Assert.AreEqual("a\\uD800", TerminalText.Of("a\ud800"));

    [TestMethod]
    public void Standard_output_keeps_its_lines_and_nothing_else_that_a_terminal_obeys()
    {
        using StringWriter inner = new() { NewLine = "\n" };
        using StandardWriter writer = new(inner, isEscaped: true);
        writer.Write("a\u001b[2J\nb\r\nc\rd");
        writer.Write('\u0007');
        writer.Write(['e', '\u009b'], 0, 2);
        Assert.AreEqual("a\\u001B[2J\nb\r\nc\\u000Dd\\u0007e\\u009B", inner.ToString());
    }

    [TestMethod]
    public void A_writer_that_fails_does_not_throw_and_says_why_at_the_end()
    {
        using StandardWriter writer = new(new FailingWriter(), isEscaped: true);
        writer.WriteLine("a");
        writer.Flush();
        Assert.AreEqual("No space left.", writer.Failure!.Message);
    }

    private sealed class FailingWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("No space left.");
    }
}
