using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Running;

/// <summary>What came of the inputs that one process ran.</summary>
/// <param name="Next">The number of the input behind the last.</param>
/// <param name="Taken">How many the product took; the others it refused as it should.</param>
/// <param name="Findings">How many went wrong.</param>
internal sealed record Slice(int Next, int Taken, int Findings)
{
    private const int StartSeconds = 60;
    private const int LookMilliseconds = 200;

    /// <summary>Starts a process for the inputs of a target, from one on, and watches it.</summary>
    public static Slice Run(FuzzTarget target, int first, double seconds)
    {
        string journal = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(journal, new byte[InputProcess.JournalLength]);
            using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(journal);
            using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, InputProcess.JournalLength);
            view.Write(0, first - 1);
            return Watch(target, first, seconds, journal, view);
        }
        finally
        {
            File.Delete(journal);
        }
    }

    private static Slice Watch(FuzzTarget target, int first, double seconds, string journal, MemoryMappedViewAccessor view)
    {
        int findings = 0;
        using Process process = Start(target.Name, first, seconds, journal);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                Console.WriteLine(text);
                findings += text.StartsWith(target.Name, StringComparison.Ordinal) ? 1 : 0;
            }
        };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool hung = Hangs(process, first, view);
        int at = view.ReadInt32(0);
        if (hung)
        {
            process.Kill(entireProcessTree: true);
        }

        process.WaitForExit();
        if (hung || process.ExitCode != 0)
        {
            string end = hung ? "does not end" : string.Create(CultureInfo.InvariantCulture, $"ended the process with {process.ExitCode}");
            Console.WriteLine($"{target.Name} {at}: it {end}.");
            return new Slice(Math.Max(at, first) + 1, view.ReadInt32(sizeof(int)), findings + 1);
        }

        return new Slice(at, view.ReadInt32(sizeof(int)), findings);
    }

    // Whether an input takes twice as long as it may; the first waits for the process to start and the corpus to be made.
    private static bool Hangs(Process process, int first, MemoryMappedViewAccessor view)
    {
        int at = first - 1;
        long since = Stopwatch.GetTimestamp();
        while (!process.WaitForExit(LookMilliseconds))
        {
            int now = view.ReadInt32(0);
            if (now != at)
            {
                at = now;
                since = Stopwatch.GetTimestamp();
            }

            if (Stopwatch.GetElapsedTime(since).TotalSeconds > (at < first ? StartSeconds : 2 * InputRun.MostSeconds))
            {
                return true;
            }
        }

        return false;
    }

    private static Process Start(string target, int first, double seconds, string journal)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            typeof(Slice).Assembly.Location,
            "inputs",
            target,
            first.ToString(CultureInfo.InvariantCulture),
            seconds.ToString(CultureInfo.InvariantCulture),
            journal,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
