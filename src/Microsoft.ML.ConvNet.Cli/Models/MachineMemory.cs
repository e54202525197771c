using System.Globalization;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>
/// The memory that a process may take before the system ends it: that of the machine, or what the control group of a container allows.
/// </summary>
/// <remarks>
/// The collector knows a number, too (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>), but that is what it allows itself: in a container
/// three quarters of the limit, and whatever DOTNET_GCHeapHardLimit says. The tensors of the engine are not its, and have all of it. Where there
/// are no control groups, and nothing is set, it gives the machine's.
/// </remarks>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsOfContainer">Whether a control group allows less than the machine has.</param>
internal readonly record struct MachineMemory(long Bytes, bool IsOfContainer)
{
    private const string Unified = "memory.max";
    private const string PerController = "memory.limit_in_bytes";

    /// <summary>The memory of this process.</summary>
    public static MachineMemory Get() => Of("/") ?? new MachineMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, false);

    /// <summary>The memory by the files of Linux under a root; null where there are none.</summary>
    public static MachineMemory? Of(string root)
    {
        if (Machine(root) is not { } machine)
        {
            return null;
        }

        long allowed = Limits(root).DefaultIfEmpty(long.MaxValue).Min();
        return allowed < machine ? new MachineMemory(allowed, true) : new MachineMemory(machine, false);
    }

    private static long? Machine(string root)
    {
        const string Total = "MemTotal:";
        const string Unit = "kB";
        return Lines(root, "proc/meminfo").FirstOrDefault(line => line.StartsWith(Total, StringComparison.Ordinal)) is { } line
            && long.TryParse(line[Total.Length..].Replace(Unit, string.Empty, StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture, out long kilobytes)
            ? 1024 * kilobytes
            : null;
    }

    /// <summary>What the group of the process and those around it allow, where they say a number: version 2 of control groups, and version 1.</summary>
    private static IEnumerable<long> Limits(string root)
    {
        // A line a hierarchy: its number, its controllers (none in version 2), and the group.
        foreach (string[] hierarchy in Lines(root, "proc/self/cgroup").Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            bool isUnified = hierarchy[1].Length == 0;
            if (!isUnified && !hierarchy[1].Split(',').Contains("memory"))
            {
                continue;
            }

            foreach ((string top, string at) in Mounts(root, isUnified))
            {
                foreach (string folder in FromGroupToTop(at, Within(top, hierarchy[2])))
                {
                    string? text = Lines(root, $"{folder}/{(isUnified ? Unified : PerController)}").FirstOrDefault();
                    if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit))
                    {
                        yield return limit;
                    }
                }
            }
        }
    }

    /// <summary>Where hierarchies with memory are mounted: the group at the top of each, and its folder.</summary>
    private static IEnumerable<(string Top, string Folder)> Mounts(string root, bool isUnified)
    {
        foreach (string line in Lines(root, "proc/self/mountinfo"))
        {
            // Number, parent, device, top, folder, options, ..., -, type, source, options of the type.
            string[] parts = line.Split(' ');
            int dash = Array.IndexOf(parts, "-");
            if (dash > 4 && dash + 3 < parts.Length
                && (isUnified ? parts[dash + 1] == "cgroup2" : parts[dash + 1] == "cgroup" && parts[dash + 3].Split(',').Contains("memory")))
            {
                yield return (parts[3], parts[4]);
            }
        }
    }

    /// <summary>A group as seen from the top of a mount; the top itself where it is not beneath it, as in a container with a view of its own.</summary>
    private static string Within(string top, string group) =>
        top == "/" ? group
        : group == top || group.StartsWith($"{top}/", StringComparison.Ordinal) ? group[top.Length..]
        : string.Empty;

    private static IEnumerable<string> FromGroupToTop(string folder, string group)
    {
        group = group.Trim('/');
        while (group.Length > 0)
        {
            yield return $"{folder}/{group}";
            group = group.LastIndexOf('/') is >= 0 and var last ? group[..last] : string.Empty;
        }

        yield return folder;
    }

    private static string[] Lines(string root, string path)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(root, path.TrimStart('/')));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
