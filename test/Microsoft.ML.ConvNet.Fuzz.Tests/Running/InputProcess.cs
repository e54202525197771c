using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Running;

/// <summary>
/// The process that inputs run in. Before each it writes the number into a journal, a file in memory that survives it, so that whoever started
/// it knows which input ended it, or does not end.
/// </summary>
internal static class InputProcess
{
    /// <summary>The length of the journal: the number of the input, and how many were taken.</summary>
    public const int JournalLength = 2 * sizeof(int);

    /// <summary>Runs the inputs of a target, from one on, for some time, and prints a line for each that went wrong.</summary>
    public static int Run(string target, string first, string seconds, string journal)
    {
        FuzzTarget chosen = FuzzTarget.All.First(known => known.Name == target);
        TimeSpan time = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(journal);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, JournalLength);
        int taken = 0;
        long start = Stopwatch.GetTimestamp();
        int number = int.Parse(first, CultureInfo.InvariantCulture);
        for (; Stopwatch.GetElapsedTime(start) < time; number++)
        {
            view.Write(0, number);
            if (InputRun.Run(chosen, number, out bool wasTaken) is { } wrong)
            {
                Console.WriteLine($"{target} {number}: {wrong.ReplaceLineEndings("\n    ")}");
            }

            taken += wasTaken ? 1 : 0;
            view.Write(sizeof(int), taken);
        }

        view.Write(0, number);
        return 0;
    }
}
