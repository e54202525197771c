using System.Globalization;
using System.Text.Json;
using Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>The rows as a table in Markdown and as JSON.</summary>
internal static class Table
{
    private const string OnnxRuntime = "ONNX Runtime";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The head of the table.</summary>
    public const string Head =
        """
        | work                   |  ours ms | LibTorch ms | its form      | ONNX Runtime ms | best peer / ours | max error | remarks |
        |---|---|---|---|---|---|---|---|
        """;

    /// <summary>A row of the table.</summary>
    public static string Line(Row row)
    {
        static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? string.Empty;
        Timing? libTorch = row.BestOf(LibTorchForm.Library);
        string ratio = Number(row.Ratio, "F2");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Work.Name,-22} | {Number(row.Ours?.Milliseconds, "F3"),8} | {Number(libTorch?.Milliseconds, "F3"),11} "
            + $"| {libTorch?.Side[LibTorchForm.Library.Length..].Trim(),-13} | {Number(row.BestOf(OnnxRuntime)?.Milliseconds, "F3"),15} "
            + $"| {(row.Ratio < 1 ? $"**{ratio}**" : ratio),16} | {Number(row.MaximumError, "E1"),9} | {string.Join("; ", row.Remarks())} |");
    }

    /// <summary>Which rows are behind, and which failed.</summary>
    public static IEnumerable<string> Summary(IReadOnlyList<Row> rows)
    {
        Row[] behind = [.. rows.Where(row => row.Ratio < 1).OrderBy(row => row.Ratio)];
        Row[] failed = [.. rows.Where(row => row.Failures.Count > 0)];
        int timed = rows.Count(row => row.Ratio.HasValue);
        if (timed > 0)
        {
            yield return behind.Length == 0
                ? $"Of {timed} rows none is behind its best peer."
                : string.Create(CultureInfo.InvariantCulture, $"Of {timed} rows {behind.Length} are behind their best peer: ")
                    + string.Join(", ", behind.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Work.Name} {row.Ratio:F2}")));
        }

        if (failed.Length > 0)
        {
            yield return $"FAILED: {string.Join(", ", failed.Select(row => row.Work.Name))}";
        }
    }

    /// <summary>The rows as an array of objects; what was not measured is null.</summary>
    public static string Json(IEnumerable<Row> rows) => JsonSerializer.Serialize(
        rows.Select(row => new
        {
            name = row.Work.Name,
            oursMs = row.Ours?.Milliseconds,
            peersMs = row.Peers.ToDictionary(peer => peer.Side, peer => peer.Milliseconds),
            ratio = row.Ratio,
            maxError = row.MaximumError is { } error && double.IsFinite(error) ? row.MaximumError : null,
            otherLoad = row.OtherLoad,
            remarks = row.Remarks(),
        }),
        Indented);
}
