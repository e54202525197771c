using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>The memory for a training is the machine's or the container's, not what the collector allows itself.</summary>
[TestClass]
public sealed class MachineMemoryTests : IDisposable
{
    private const long Gigabyte = 1L << 30;
    private const string MeminfoOf16 = "MemTotal:       16777216 kB\nMemFree:        1 kB\n";

    private readonly TestFolder _root = new();

    public void Dispose() => _root.Dispose();

    [TestMethod]
    public void Without_a_limit_it_is_the_machines()
    {
        Write("proc/meminfo", MeminfoOf16);
        Assert.AreEqual(new MachineMemory(16 * Gigabyte, false), MachineMemory.Of(_root.Path));

        // Version 2 says max; version 1 a number that no machine has.
        Write("proc/self/cgroup", "4:memory:/a\n0::/a\n");
        Write("proc/self/mountinfo", "34 30 0:31 / /cg/memory rw - cgroup cgroup rw,memory\n35 30 0:32 / /cg/unified rw - cgroup2 cgroup2 rw\n");
        Write("cg/unified/a/memory.max", "max\n");
        Write("cg/memory/a/memory.limit_in_bytes", "9223372036854771712\n");
        Assert.AreEqual(new MachineMemory(16 * Gigabyte, false), MachineMemory.Of(_root.Path));
    }

    [TestMethod]
    [DataRow("0::/\n", "30 22 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw", "sys/fs/cgroup/memory.max",
        DisplayName = "version 2, with a view of its own")]
    [DataRow("0::/user/job\n", "30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "sys/fs/cgroup/user/job/memory.max",
        DisplayName = "version 2, its own group")]
    [DataRow("0::/user/job/step\n", "30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "sys/fs/cgroup/user/memory.max",
        DisplayName = "version 2, a group around its own")]
    [DataRow("4:cpu:/x\n3:memory,hugetlb:/docker/1a\n", "34 30 0:31 /docker/1a /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
        "sys/fs/cgroup/memory/memory.limit_in_bytes", DisplayName = "version 1, mounted in a container")]
    [DataRow("3:memory:/docker/1a\n", "34 30 0:31 / /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
        "sys/fs/cgroup/memory/docker/1a/memory.limit_in_bytes", DisplayName = "version 1, its own group")]
    [DataRow("3:memory:/outside\n", "34 30 0:31 /docker/1a /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
        "sys/fs/cgroup/memory/memory.limit_in_bytes", DisplayName = "version 1, a group that is not seen")]
    public void In_a_container_it_is_the_whole_limit(string groups, string mount, string file)
    {
        Write("proc/meminfo", MeminfoOf16);
        Write("proc/self/cgroup", groups);
        Write("proc/self/mountinfo", $"22 1 8:1 / / rw - ext4 /dev/root rw\n{mount}\n");
        Write(file, $"{2 * Gigabyte}\n");
        Assert.AreEqual(new MachineMemory(2 * Gigabyte, true), MachineMemory.Of(_root.Path));
        Write(file, $"{32 * Gigabyte}\n");
        Assert.AreEqual(new MachineMemory(16 * Gigabyte, false), MachineMemory.Of(_root.Path));
    }

    [TestMethod]
    public void Where_there_are_no_such_files_there_is_no_answer() => Assert.IsNull(MachineMemory.Of(_root.Path));

    [TestMethod]
    public void What_the_collector_may_take_says_nothing_of_tensors()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("The program is started by a shell of Unix.");
        }

        // A batch that takes 387 MB, in a process whose collector has 201.
        using ConvNetProgram program = ConvNetProgram.StartInShell(
            "DOTNET_GCHeapHardLimit=0xC000000 exec \"$@\"", "profile", "lenet5", "--training", "--batch", "20000", "--runs", "1");
        program.WaitForEnd().Succeeded();
    }

    private void Write(string path, string text)
    {
        string full = _root[path];
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
