using System.Text;
using Spectre.Console;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>The terminal as the progress bar writes to it: as wide as it was at first, and written to for as long as it is there.</summary>
/// <param name="writer">Where the text goes, commands included.</param>
internal sealed class TerminalOutput(TextWriter writer) : IAnsiConsoleOutput
{
    private const int UsualWidth = 80;
    private const int UsualHeight = 24;

    public TextWriter Writer => writer;

    public bool IsTerminal => !Console.IsOutputRedirected;

    public int Width { get; } = SizeOr(() => Console.WindowWidth, UsualWidth);

    public int Height { get; } = SizeOr(() => Console.WindowHeight, UsualHeight);

    public void SetEncoding(Encoding encoding)
    {
        // The console has the encoding of the system, or the one that was set before the program began to write.
    }

    private static int SizeOr(Func<int> size, int otherwise)
    {
        try
        {
            return size() is > 0 and int known ? known : otherwise;
        }
        catch (IOException)
        {
            return otherwise;
        }
    }
}
