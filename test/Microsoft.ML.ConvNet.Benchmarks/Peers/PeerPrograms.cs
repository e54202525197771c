using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>Where the peers are on this machine, and how they are started.</summary>
internal sealed class PeerPrograms
{
    private const string HowToInstall = "build/bench-peers.sh installs what is missing, and runs this program.";

    private readonly string _scripts;
    private readonly string _modules;
    private readonly string _python;
    private readonly string? _node;
    private readonly string? _openBlas = FindOpenBlas();

    private PeerPrograms(string root, bool needsNode)
    {
        _scripts = Path.Combine(root, "build", "peers");
        _modules = Path.Combine(root, "artifacts", "peers", "node_modules");

        // PyTorch is a package of the system's interpreter, which need not be the first on the path.
        _python = Array.Find(["/usr/bin/python3", "python3"], HasPyTorch)
            ?? throw new PeerException($"PyTorch is missing: no python3 imports torch and torchvision. {HowToInstall}");
        if (needsNode)
        {
            ProcessStartInfo probe = new("node", ["-e", "require('onnxruntime-node')"]);
            probe.Environment["NODE_PATH"] = _modules;
            _node = Succeeds(probe)
                ? "node"
                : throw new PeerException($"ONNX Runtime is missing: no node loads onnxruntime-node from {_modules}. {HowToInstall}");
        }
    }

    /// <summary>Finds the programs that works need.</summary>
    /// <exception cref="PeerException">One is missing.</exception>
    public static PeerPrograms Find(IEnumerable<PeerWork> works) =>
        new(RepositoryRoot(), works.Any(work => work.Peer == PeerKind.OnnxRuntime));

    /// <summary>What is not as it should be, though the works can be run; null where all is well.</summary>
    public string? Warning => _openBlas != null
        ? null
        : "OpenBLAS is missing: PyTorch multiplies matrices with what BLAS the system has, perhaps at a hundredth of the speed, and "
            + $"the ratios say nothing. {HowToInstall}";

    /// <summary>Starts a work's peer and has it load the work; returns what it says of itself.</summary>
    public (PeerProcess Peer, string Form) Start(PeerWork work, WorkFolder folder)
    {
        if (work.Peer == PeerKind.OnnxRuntime)
        {
            using PeerProcess exporter = StartPyTorch();
            exporter.Ask($"export {folder.Path}");
        }

        PeerProcess peer = work.Peer == PeerKind.PyTorch ? StartPyTorch() : StartOnnxRuntime();
        try
        {
            return (peer, peer.Ask($"load {folder.Path}"));
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    private static string RepositoryRoot()
    {
        foreach (string start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (DirectoryInfo? folder = new(start); folder != null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Microsoft.ML.ConvNet.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new PeerException(
            $"The peers' programs are under build/peers of the repository: run inside it. Received: {Environment.CurrentDirectory}.");
    }

    private static bool HasPyTorch(string python) => Succeeds(new ProcessStartInfo(python, ["-c", "import torch, torchvision"]));

    private static bool Succeeds(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>
    /// Debian's PyTorch takes its matrix product from any BLAS, by default a reference implementation. OpenBLAS in its OpenMP form shares
    /// PyTorch's threads, and is faster beside it than the form with threads of its own.
    /// </summary>
    private static string? FindOpenBlas() => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*")
            .SelectMany(libraries => new[] { Path.Combine(libraries, "openblas-openmp"), Path.Combine(libraries, "openblas-pthread") })
            .FirstOrDefault(Directory.Exists)
        : null;

    private PeerProcess StartPyTorch()
    {
        ProcessStartInfo start = new(_python, [Path.Combine(_scripts, "torch_peer.py")]);
        if (_openBlas != null)
        {
            start.Environment["LD_LIBRARY_PATH"] = _openBlas;
        }

        start.Environment["OMP_NUM_THREADS"] = PeerWork.Threads.ToString(CultureInfo.InvariantCulture);
        return new PeerProcess("PyTorch", start);
    }

    private PeerProcess StartOnnxRuntime()
    {
        ProcessStartInfo start = new(_node!, [Path.Combine(_scripts, "ort_peer.js")]);
        start.Environment["NODE_PATH"] = _modules;
        return new PeerProcess("ONNX Runtime", start);
    }
}
