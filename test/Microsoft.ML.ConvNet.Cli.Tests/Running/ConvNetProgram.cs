using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Microsoft.ML.ConvNet.Cli.Tests.Running;

/// <summary>The program as its users run it: with arguments and two streams, and where it matters as a process of its own.</summary>
internal sealed class ConvNetProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly Lock OneConsole = new();

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private ConvNetProgram(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Append(_error, e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static string ProgramFile => Path.Combine(AppContext.BaseDirectory, "convnet.dll");

    /// <summary>
    /// Runs the program to its end, in this process: starting it takes longer than most of what is tried here. One run at a time has the console.
    /// </summary>
    public static ProgramRun Run(params string[] arguments)
    {
        // On a terminal it would draw there.
        if (!Console.IsOutputRedirected)
        {
            return RunProcess(arguments);
        }

        lock (OneConsole)
        {
            (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
            (CultureInfo culture, CultureInfo? usual) = (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture);
            using StringWriter printed = new() { NewLine = "\n" };
            using StringWriter told = new() { NewLine = "\n" };
            try
            {
                Console.SetOut(printed);
                Console.SetError(told);
                int code = Program.Main(arguments);
                return new ProgramRun(code, printed.ToString(), told.ToString());
            }
            finally
            {
                Console.SetOut(output);
                Console.SetError(error);
                (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (culture, usual);
            }
        }
    }

    /// <summary>Runs the program to its end, in a process of its own.</summary>
    public static ProgramRun RunProcess(params string[] arguments)
    {
        using ConvNetProgram program = Start(arguments);
        return program.WaitForEnd();
    }

    /// <summary>Runs the program to its end as in another culture, where the system knows cultures.</summary>
    public static ProgramRun RunIn(string culture, string[] arguments)
    {
        ProcessStartInfo start = StartInfo("dotnet", [ProgramFile, .. arguments]);
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = KnowsCultures() ? "0" : "1";
        start.Environment["LANG"] = culture;
        start.Environment["LC_ALL"] = culture;
        using ConvNetProgram program = new(start);
        return program.WaitForEnd();
    }

    /// <summary>Starts the program from a shell, which does with its output what is said, such as <c>&gt; /dev/full</c>.</summary>
    /// <param name="script">The words of the shell in which <c>"$@"</c> is the program with its arguments.</param>
    /// <param name="arguments">The arguments.</param>
    public static ConvNetProgram StartInShell(string script, params string[] arguments) =>
        new(StartInfo("/bin/sh", ["-c", script, "sh", "dotnet", ProgramFile, .. arguments]));

    /// <summary>Starts the program.</summary>
    public static ConvNetProgram Start(params string[] arguments) => new(StartInfo("dotnet", [ProgramFile, .. arguments]));

    /// <summary>Waits until standard output holds a text.</summary>
    public void WaitForOutput(string text)
    {
        long start = Stopwatch.GetTimestamp();
        while (!OutputSoFar().Contains(text, StringComparison.Ordinal))
        {
            Assert.IsFalse(_process.HasExited, $"The program ended before it wrote \"{text}\": {OutputSoFar()}");
            Assert.IsTrue(Stopwatch.GetElapsedTime(start) < Patience, $"The program did not write \"{text}\": {OutputSoFar()}");
            Thread.Sleep(20);
        }
    }

    /// <summary>
    /// Sends a signal: INT, as Ctrl+C in a terminal does, HUP, as a terminal that is closed, and so on. Inconclusive where the tests run in
    /// the background of a script or under nohup: all programs started there ignore some.
    /// </summary>
    public void Signal(string name)
    {
        if (Ignores(name))
        {
            Assert.Inconclusive($"Programs that are started here ignore SIG{name}, as in the background of a script: it cannot be tried.");
        }

        Send(name);
    }

    /// <summary>Sends a signal, to a program that ignores it, too.</summary>
    public void Send(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.AreEqual(0, kill.ExitCode);
    }

    /// <summary>Kills the program as nothing can resist (SIGKILL); false where it ended before.</summary>
    public bool TryKill()
    {
        bool isRunning = !_process.HasExited;
        _process.Kill();
        _process.WaitForExit();
        return isRunning && _process.ExitCode != 0;
    }

    // Linux tells it, as a mask with a bit a signal.
    private bool Ignores(string name)
    {
        int number = name switch
        {
            "HUP" => 1,
            "INT" => 2,
            "QUIT" => 3,
            "TERM" => 15,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such signal here."),
        };
        const string Field = "SigIgn:";
        string status = $"/proc/{_process.Id}/status";
        string? ignored = File.Exists(status)
            ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal))
            : null;
        return ignored != null
            && (ulong.Parse(ignored.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1ul << (number - 1))) != 0;
    }

    /// <summary>Waits for the end.</summary>
    public ProgramRun WaitForEnd()
    {
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"The program ran longer than {Patience}: {OutputSoFar()}");
        }

        _process.WaitForExit();
        lock (_error)
        {
            return new ProgramRun(_process.ExitCode, OutputSoFar(), _error.ToString());
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return start;
    }

    // Where the libraries of cultures (ICU) are missing, a program that asks for them does not start.
    private static bool KnowsCultures() => !OperatingSystem.IsLinux()
        || new[] { "/usr/lib", "/usr/lib64", "/lib" }.Where(Directory.Exists).Any(folder => Directory.EnumerateFiles(
            folder, "libicuuc.so*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true }).Any());

    private static void Append(StringBuilder text, string? line)
    {
        if (line != null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private string OutputSoFar()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }
}
