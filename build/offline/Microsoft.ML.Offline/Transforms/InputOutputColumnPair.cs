#nullable disable
namespace Microsoft.ML;

/// <summary>The column that a transform reads and the one that it makes.</summary>
public sealed class InputOutputColumnPair
{
    public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
    {
        if (string.IsNullOrEmpty(outputColumnName))
        {
            throw new ArgumentOutOfRangeException(nameof(outputColumnName), $"{nameof(outputColumnName)} cannot be null or empty");
        }

        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName ?? outputColumnName;
    }

    public string InputColumnName { get; }

    public string OutputColumnName { get; }

    internal static (string OutputColumnName, string InputColumnName)[] Tuples(InputOutputColumnPair[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return [.. columns.Select(pair => (pair.OutputColumnName, pair.InputColumnName))];
    }
}
