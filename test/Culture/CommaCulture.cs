using System.Globalization;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.ConvNet.Tests.Culture;

/// <summary>
/// The culture in which every test runs: numbers have a decimal comma, dots between their groups, and another sign and other words than those of
/// the invariant culture. What a message, a file or the tool writes or reads without saying the culture is then seen by its test. It is made
/// of the invariant culture, so that it is the same on every machine, with or without ICU.
/// </summary>
internal static class CommaCulture
{
    [ModuleInitializer]
    internal static void Set()
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.PercentDecimalSeparator = ",";
        culture.NumberFormat.PercentGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NaNSymbol = "keine Zahl";
        culture.NumberFormat.PositiveInfinitySymbol = "unendlich";
        culture.NumberFormat.NegativeInfinitySymbol = "\u2212unendlich";
        culture.DateTimeFormat.DateSeparator = ".";
        culture.DateTimeFormat.TimeSeparator = ".";
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.ReadOnly(culture);
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture;
    }
}
