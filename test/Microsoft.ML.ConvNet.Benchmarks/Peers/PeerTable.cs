using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>The rows as text and as JSON.</summary>
internal static class PeerTable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The head of the text.</summary>
    public const string Head =
        "work                     peer           peer ms    ours ms   ratio    goal  max error  remarks";

    /// <summary>A row of the text.</summary>
    public static string Line(PeerRow row)
    {
        static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Work.Name,-24} {Name(row.Work.Peer),-13} {Number(row.Times?.PeerMilliseconds, "F3"),8} "
            + $"{Number(row.Times?.EngineMilliseconds, "F3"),10} {Number(row.Ratio, "F2"),7} {Number(row.Work.Goal, "F1"),7} "
            + $"{Number(row.MaximumError, "E1"),10}  {string.Join("; ", row.Remarks())}").TrimEnd();
    }

    /// <summary>The rows as an array of objects; times and ratio are null where a row failed, a goal is null where there is none.</summary>
    public static string Json(IEnumerable<PeerRow> rows) => JsonSerializer.Serialize(
        rows.Select(row => new
        {
            name = row.Work.Name,
            peer = Name(row.Work.Peer),
            peerMs = row.Times?.PeerMilliseconds,
            oursMs = row.Times?.EngineMilliseconds,
            ratio = row.Ratio,
            goal = row.Work.Goal,
            maxError = row.MaximumError is { } error && double.IsFinite(error) ? row.MaximumError : null,
        }),
        Indented);

    private static string Name(PeerKind peer) => peer == PeerKind.PyTorch ? "PyTorch" : "ONNX Runtime";
}
