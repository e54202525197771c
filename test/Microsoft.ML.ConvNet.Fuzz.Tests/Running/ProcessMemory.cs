using System.Globalization;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Running;

/// <summary>The largest memory that the process had since a time, where the system tells it (Linux).</summary>
internal static class ProcessMemory
{
    private const string Status = "/proc/self/status";
    private const string Reset = "/proc/self/clear_refs";
    private const long Kilobyte = 1024;

    /// <summary>Begins anew and gives what the process has now, in bytes; 0 where it is not known.</summary>
    public static long Begin()
    {
        if (!File.Exists(Reset))
        {
            return 0;
        }

        // 5 sets the peak to what is resident now (proc(5)).
        File.WriteAllText(Reset, "5");
        return Read("VmRSS:");
    }

    /// <summary>The most that the process had since then, in bytes; 0 where it is not known.</summary>
    public static long Peak() => File.Exists(Status) ? Read("VmHWM:") : 0;

    private static long Read(string name)
    {
        string line = File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return Kilobyte * long.Parse(line.AsSpan(name.Length, line.Length - name.Length - " kB".Length), CultureInfo.InvariantCulture);
    }
}
