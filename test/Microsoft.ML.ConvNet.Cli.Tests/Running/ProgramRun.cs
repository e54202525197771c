namespace Microsoft.ML.ConvNet.Cli.Tests.Running;

/// <summary>What a run of the program ended with.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">All of standard output.</param>
/// <param name="Error">All of standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Asserts that the run succeeded and said nothing on standard error.</summary>
    public ProgramRun Succeeded()
    {
        Assert.AreEqual(0, ExitCode, $"standard error: {Error}");
        Assert.AreEqual(string.Empty, Error);
        return this;
    }

    /// <summary>Asserts that the run failed with one line on standard error that holds all of the given texts.</summary>
    public ProgramRun FailedWithOneLine(params string[] texts)
    {
        Assert.AreEqual(1, ExitCode, $"standard output: {Output}\nstandard error: {Error}");
        StringAssert.StartsWith(Error, "error: ");
        Assert.AreEqual(1, Error.Count(character => character == '\n'), Error);
        Assert.IsFalse(Error.Contains("   at ", StringComparison.Ordinal), Error);
        foreach (string text in texts)
        {
            StringAssert.Contains(Error, text);
        }

        return this;
    }
}
