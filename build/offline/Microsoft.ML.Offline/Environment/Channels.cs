#nullable disable
using System.Diagnostics;

namespace Microsoft.ML.Runtime;

/// <summary>A named sender of messages of one type.</summary>
internal class Pipe<TMessage> : IPipe<TMessage>
{
    private readonly Action<string, TMessage> _dispatch;

    public Pipe(string parentName, string name, Action<string, TMessage> dispatch)
    {
        FullName = string.IsNullOrEmpty(parentName) ? name : $"{parentName}; {name}";
        _dispatch = dispatch;
    }

    public string FullName { get; }

    public string ContextDescription => FullName;

    public void Send(TMessage msg) => _dispatch(FullName, msg);

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex is not null)
        {
            ex.Data["Throwing component"] = FullName;
        }

        return ex;
    }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    protected virtual void Close()
    {
    }
}

/// <summary>A sender of texts, that says when it starts and ends.</summary>
internal sealed class Channel : Pipe<ChannelMessage>, IChannel
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private bool _closed;

    public Channel(string parentName, string name, Action<string, ChannelMessage> dispatch)
        : base(parentName, name, dispatch) => Send(ChannelMessageKind.Trace, MessageSensitivity.None, "Channel started", null);

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Trace, sensitivity, fmt, null);

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(ChannelMessageKind.Trace, sensitivity, fmt, args);

    public void Error(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Error, sensitivity, fmt, null);

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(ChannelMessageKind.Error, sensitivity, fmt, args);

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Warning, sensitivity, fmt, null);

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(ChannelMessageKind.Warning, sensitivity, fmt, args);

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Info, sensitivity, fmt, null);

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(ChannelMessageKind.Info, sensitivity, fmt, args);

    protected override void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        Send(ChannelMessageKind.Trace, MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", [_watch.Elapsed]);
        Send(ChannelMessageKind.Trace, MessageSensitivity.None, "Channel disposed", null);
    }

    private void Send(ChannelMessageKind kind, MessageSensitivity sensitivity, string format, object[] args) =>
        Send(new ChannelMessage(kind, sensitivity, format, args));
}

/// <summary>Takes progress and tells nobody, as ML.NET does outside of its console host.</summary>
internal sealed class SilentProgressChannel : IProgressChannel
{
    public IProgressChannel StartProgressChannel(string name) => new SilentProgressChannel();

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
    {
    }

    public void Checkpoint(params double?[] values)
    {
    }

    public void Dispose()
    {
    }
}
