using System.Globalization;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>Settings as text, the same in every culture.</summary>
internal static class RecordText
{
    /// <summary>What a setting shows of itself: records show all of theirs, in the culture of the thread. "none" for null.</summary>
    public static string Of(object? setting)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return setting?.ToString() ?? "none";
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
