#nullable disable
using System.Globalization;

namespace Microsoft.ML.Transforms;

/// <summary>Values read from text, as ML.NET reads them.</summary>
internal static class TextParsing
{
    private static readonly string[] Missing = ["?", "na", "n/a", "nan"];
    private static readonly string[] True = ["1", "true", "t", "yes", "y", "+1", "+"];
    private static readonly string[] False = ["", "0", "false", "f", "no", "n", "-1", "-"];

    /// <summary>Reads a value; empty text is the type's default, and for numbers "?", "NA", "N/A" and "NaN" are missing.</summary>
    /// <returns>False where the text cannot be read; the value is then the missing or the default one.</returns>
    public static bool TryParse<T>(ReadOnlyMemory<char> text, out T value)
    {
        value = default;
        if (typeof(T) == typeof(ReadOnlyMemory<char>))
        {
            value = (T)(object)text;
            return true;
        }

        string trimmed = text.Span.Trim().ToString();
        if (typeof(T) == typeof(bool))
        {
            bool isTrue = True.Contains(trimmed, StringComparer.OrdinalIgnoreCase);
            value = (T)(object)isTrue;
            return isTrue || False.Contains(trimmed, StringComparer.OrdinalIgnoreCase);
        }

        if (trimmed.Length == 0)
        {
            return true;
        }

        bool isReal = typeof(T) == typeof(float) || typeof(T) == typeof(double);
        if (isReal && Missing.Contains(trimmed, StringComparer.OrdinalIgnoreCase))
        {
            value = MissingValue.Of<T>();
            return true;
        }

        object parsed = Parse(typeof(T), trimmed);
        value = parsed is null ? MissingValue.Of<T>() : (T)parsed;
        return parsed is not null;
    }

    /// <summary>Reads a key written as a number from 0 to count - 1; anything else is missing.</summary>
    public static bool TryParseKey(ReadOnlyMemory<char> text, ulong count, out ulong key)
    {
        string trimmed = text.Span.Trim().ToString();
        key = 0;
        if (trimmed.Length == 0 || Missing.Contains(trimmed, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        bool good = ulong.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number < count;
        key = good ? number + 1 : 0;
        return good;
    }

    private static object Parse(Type type, string text)
    {
        const NumberStyles Whole = NumberStyles.AllowLeadingSign;
        CultureInfo culture = CultureInfo.InvariantCulture;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.SByte => sbyte.TryParse(text, Whole, culture, out sbyte x) ? x : null,
            TypeCode.Byte => byte.TryParse(text, NumberStyles.None, culture, out byte x) ? x : null,
            TypeCode.Int16 => short.TryParse(text, Whole, culture, out short x) ? x : null,
            TypeCode.UInt16 => ushort.TryParse(text, NumberStyles.None, culture, out ushort x) ? x : null,
            TypeCode.Int32 => int.TryParse(text, Whole, culture, out int x) ? x : null,
            TypeCode.UInt32 => uint.TryParse(text, NumberStyles.None, culture, out uint x) ? x : null,
            TypeCode.Int64 => long.TryParse(text, Whole, culture, out long x) ? x : null,
            TypeCode.UInt64 => ulong.TryParse(text, NumberStyles.None, culture, out ulong x) ? x : null,
            TypeCode.Single => float.TryParse(text, NumberStyles.Float, culture, out float x) ? x : null,
            TypeCode.Double => double.TryParse(text, NumberStyles.Float, culture, out double x) ? x : null,
            TypeCode.DateTime => DateTime.TryParse(text, culture, DateTimeStyles.None, out DateTime x) ? x : null,
            _ => ParseStructure(type, text, culture),
        };
    }

    private static object ParseStructure(Type type, string text, CultureInfo culture)
    {
        if (type == typeof(TimeSpan))
        {
            return TimeSpan.TryParse(text, culture, out TimeSpan span) ? span : null;
        }

        return type == typeof(DateTimeOffset) && DateTimeOffset.TryParse(text, culture, DateTimeStyles.None, out DateTimeOffset time)
            ? time
            : null;
    }
}
