using System.Buffers;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>
/// Numbers as options. They are written in one way, whatever the culture: with a decimal point and without separators of thousands. A
/// decimal comma is refused, since whoever takes it for a separator reads 0,01 as 1.
/// </summary>
internal static class NumberOptions
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>What people write between groups of digits, or before decimals, in one culture or another.</summary>
    private static readonly SearchValues<char> Separators = SearchValues.Create(",' _\u00a0\u202f\u2019\u066b\u066c");

    /// <summary>A whole number within bounds.</summary>
    public static Option<int?> Integer(string name, int minimum, int maximum, string description) =>
        Create<int?>(name, "N", description, (text, result) => (int?)ReadInteger(name, minimum, maximum, text, result));

    /// <summary>A whole number within bounds, of bytes for instance, which may be beyond 32 bits.</summary>
    public static Option<long?> LongInteger(string name, long minimum, long maximum, string description) =>
        Create<long?>(name, "N", description, (text, result) => ReadInteger(name, minimum, maximum, text, result));

    /// <summary>The dimensions of a tensor, with an x between them.</summary>
    public static Option<int[]?> Dimensions(string name, int maximum, string description) =>
        Create<int[]?>(name, "NxCxHxW", description, (text, result) =>
        {
            int[] sizes =
            [
                .. text.Split('x', 'X').Select(
                    part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0),
            ];
            if (sizes.All(size => size >= 1 && size <= maximum))
            {
                return sizes;
            }

            result.AddError(string.Create(
                CultureInfo.InvariantCulture,
                $"{name} is dimensions from 1 to {maximum} with an x between them, such as 1x3x224x224. Received: {text}."));
            return null;
        });

    /// <summary>A real number within bounds.</summary>
    public static Option<double?> Real(string name, RealRange range, string description) =>
        Create<double?>(name, "N", description, (text, result) =>
        {
            if (TryReadReal(text, out double value) && range.Contains(value))
            {
                return value;
            }

            result.AddError($"{name} is a number {range}{RightForm(text)}. Received: {text}.");
            return null;
        });

    /// <summary>One real number, or one a channel, with commas between them.</summary>
    /// <param name="name">The option, with its hyphens.</param>
    /// <param name="range">What each number may be.</param>
    /// <param name="channels">How many channels an image may have.</param>
    /// <param name="description">The help text.</param>
    public static Option<float[]?> RealOfEachChannel(string name, RealRange range, IReadOnlyList<int> channels, string description) =>
        Create<float[]?>(name, "A,B,C", description, (text, result) =>
        {
            string[] parts = text.Split(',');
            float[] numbers = [.. parts.Select(part => TryReadReal(part, out double value) && range.Contains(value) ? (float)value : float.NaN)];
            if (!numbers.Any(float.IsNaN) && channels.Contains(numbers.Length))
            {
                return numbers;
            }

            result.AddError(
                $"{name} is {string.Join(" or ", channels)} numbers {range} with commas between them and decimal points within, "
                + $"such as 1,2.5,3. Received: {text}.");
            return null;
        });

    /// <summary>Reads a finite number that is written with a decimal point.</summary>
    public static bool TryReadReal(string text, out double value) =>
        double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static long? ReadInteger(string name, long minimum, long maximum, string text, ArgumentResult result)
    {
        if (long.TryParse(text, Whole, CultureInfo.InvariantCulture, out long value) && value >= minimum && value <= maximum)
        {
            return value;
        }

        string form = text.Contains('.') || text.AsSpan().ContainsAny(Separators) ? ", written without separators" : string.Empty;
        result.AddError(string.Create(
            CultureInfo.InvariantCulture, $"{name} is a whole number from {minimum} to {maximum}{form}. Received: {text}."));
        return null;
    }

    /// <summary>How a number with a comma or other separators is to be written, for the middle of a sentence; nothing for other texts.</summary>
    private static string RightForm(string text)
    {
        if (!text.AsSpan().ContainsAny(Separators) && text.Count(character => character == '.') < 2)
        {
            return string.Empty;
        }

        // One comma, with no point: a decimal comma most likely. With three digits behind it, it might be a separator as well.
        string[] parts = text.Split(',', '\u066b');
        bool isDecimalComma = parts.Length == 2 && (parts[1].Length != 3 || parts[0].TrimStart('-', '+') == "0");
        string written = isDecimalComma ? $"{parts[0]}.{parts[1]}" : string.Empty;
        return TryReadReal(written, out _)
            ? $", with a decimal point: {written}"
            : ", with a decimal point and no separators, such as 0.01, 1e-2 or 1000";
    }

    private static Option<T> Create<T>(string name, string form, string description, Func<string, ArgumentResult, T?> read) => new(name)
    {
        Description = description,
        HelpName = form,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => read(result.Tokens[0].Value, result),
    };
}
