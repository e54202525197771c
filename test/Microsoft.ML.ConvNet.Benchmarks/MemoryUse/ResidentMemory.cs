using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.ConvNet.Benchmarks.MemoryUse;

/// <summary>The memory of this process that is in RAM, as the system counts it.</summary>
internal static class ResidentMemory
{
    private const double Megabyte = 1e6;
    private const string Status = "/proc/self/status";

    /// <summary>The most so far, in MB.</summary>
    public static double Peak() => OfStatus("VmHWM:") ?? Of(process => process.PeakWorkingSet64);

    /// <summary>What is there now, in MB.</summary>
    public static double Now() => OfStatus("VmRSS:") ?? Of(process => process.WorkingSet64);

    // Linux tells the peak nowhere else.
    private static double? OfStatus(string name) => !OperatingSystem.IsLinux() ? null
        : File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / Megabyte
            : null;

    private static double Of(Func<Process, long> bytes)
    {
        using Process process = Process.GetCurrentProcess();
        return bytes(process) / Megabyte;
    }
}
