#nullable disable
using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Column values as text, the same under every culture.</summary>
internal static class ValueText
{
    public static string ToText<T>(this T value)
    {
        switch (value)
        {
            case null:
                return "";
            case ReadOnlyMemory<char> text:
                return text.ToString();
            case bool flag:
                return flag ? "1" : "0";
            case float number:
                return number.ToString("R", CultureInfo.InvariantCulture);
            case double number:
                return number.ToString("R", CultureInfo.InvariantCulture);
            case DateTime time:
                return time.ToString("o", CultureInfo.InvariantCulture);
            case DateTimeOffset time:
                return time.ToString("o", CultureInfo.InvariantCulture);
            case TimeSpan span:
                return span.ToString("c", CultureInfo.InvariantCulture);
            case System.Collections.IEnumerable when typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>):
                return GenericCall.Invoke<string>(
                    (Func<VBuffer<int>, string>)Join<int>, typeof(T).GetGenericArguments()[0], value);
            case IFormattable formattable:
                return formattable.ToString(null, CultureInfo.InvariantCulture);
            default:
                return value.ToString();
        }
    }

    private static string Join<T>(VBuffer<T> vector) => string.Join('\t', vector.DenseValues().Select(item => item.ToText()));
}
