using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>What the pack tells a context's log.</summary>
internal sealed class LogLines
{
    private readonly List<LoggingEventArgs> _events = [];

    public LogLines(MLContext context) => context.Log += (_, line) =>
    {
        lock (_events)
        {
            _events.Add(line);
        }
    };

    public string[] Warnings => Of(ChannelMessageKind.Warning);

    public string[] Infos => Of(ChannelMessageKind.Info);

    private string[] Of(ChannelMessageKind kind)
    {
        lock (_events)
        {
            return [.. _events.Where(line => line.Kind == kind && line.Source.Contains("ConvNet", StringComparison.Ordinal)).Select(line => line.RawMessage)];
        }
    }
}
