using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>A peer as a child process that answers commands, one line each, and between them waits for the next.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _name;
    private string _lastError = string.Empty;

    /// <summary>Starts a peer.</summary>
    public PeerProcess(string name, ProcessStartInfo start)
    {
        _name = name;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        _process = Process.Start(start) ?? throw new PeerException($"{name} did not start: {start.FileName}.");
        _process.ErrorDataReceived += (_, line) => _lastError = string.IsNullOrWhiteSpace(line.Data) ? _lastError : line.Data;
        _process.BeginErrorReadLine();
    }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Gives a command and waits for the answer.</summary>
    /// <exception cref="PeerException">The peer failed.</exception>
    public string Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        string? answer = _process.StandardOutput.ReadLine();
        if (answer == null)
        {
            throw new PeerException($"{_name} ended while it was asked to {command}: {_lastError}");
        }

        (string status, string rest) = answer.Split(' ', 2) is [string first, string second] ? (first, second) : (answer, string.Empty);
        return status == "ok" ? rest.Trim() : throw new PeerException($"{_name} was asked to {command} and failed: {rest}");
    }

    /// <summary>Runs a work a number of times; the milliseconds of each.</summary>
    public double[] Run(int count)
    {
        string answer = Ask(string.Create(CultureInfo.InvariantCulture, $"run {count}"));
        return [.. answer.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
