using System.Text;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>
/// Standard output or error. A full disk or a terminal that was closed does not end the work whose progress is shown: what cannot be
/// written is left out, and the first failure is kept for the end. Characters that are commands to a terminal are written as numbers.
/// </summary>
/// <param name="inner">Where the text goes.</param>
/// <param name="isEscaped">Whether commands to a terminal are made harmless; not where the program itself gives them.</param>
internal sealed class StandardWriter(TextWriter inner, bool isEscaped) : TextWriter
{
    private volatile IOException? _failure;

    /// <summary>Why something could not be written; null where all was.</summary>
    public IOException? Failure => _failure;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Try(() => inner.Write(isEscaped ? TerminalText.OfLines(value) : value));
        }
    }

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException error)
        {
            _failure ??= error;
        }
    }
}
