using System.Runtime.InteropServices;

namespace Microsoft.ML.ConvNet.Cli;

/// <summary>
/// Ctrl+C, SIGTERM and SIGHUP (the terminal was closed) as a token: the first asks the command to stop and to keep what it has, the second ends the program at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption()
    {
        Console.CancelKeyPress += OnCancelKeyPress;
        _registrations =
        [
            .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(
                signal => PosixSignalRegistration.Create(signal, context => context.Cancel = Request())),
        ];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKeyPress;
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e) => e.Cancel = Request();

    private bool Request()
    {
        if (_source.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            _source.Cancel();
            return true;
        }
        catch (ObjectDisposedException)
        {
            // The command has just ended: there is nothing to stop any more, and the program may end at once.
            return false;
        }
    }
}
