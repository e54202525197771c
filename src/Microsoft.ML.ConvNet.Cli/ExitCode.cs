namespace Microsoft.ML.ConvNet.Cli;

/// <summary>What the program returns to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Bad input, or anything else that went wrong.</summary>
    public const int Failure = 1;

    /// <summary>Stopped by Ctrl+C, SIGTERM, SIGQUIT or SIGHUP: 128 + 2, as shells count it. The best model so far was saved if there was one.</summary>
    public const int Interrupted = 130;
}
