using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

/// <summary>LibTorch's native libraries.</summary>
internal static class LibTorchLibrary
{
    private static readonly string[] Libraries = ["torch_cpu", "LibTorchSharp"];

    /// <summary>LibTorch's version.</summary>
    public static string Version => torch.__version__;

    /// <summary>Loads them and sets the number of threads.</summary>
    /// <exception cref="PeerException">They do not load.</exception>
    public static void Load(int threads)
    {
        try
        {
            foreach (string library in Libraries)
            {
                NativeLibrary.Load(library, typeof(torch).Assembly, null);
            }
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new PeerException(
                $"""
                LibTorch does not load: {Cause(exception)}
                It wants the C++ library of GCC 13 or later (GLIBCXX_3.4.32). Where the system's is older, either set LD_LIBRARY_PATH to a folder
                with a newer libstdc++.so.6 that the system's C library can load, or run this program by a command that provides newer libraries:
                build/bench-peers.sh puts what CONVNET_PEERS_PREFIX holds before its own.
                """,
                exception);
        }

        torch.set_num_threads(threads);
    }

    /// <summary>The version of the package that a type comes from.</summary>
    public static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? string.Empty;

    /// <summary>Of all the places that were tried, the one where a library was found and not good enough.</summary>
    private static string Cause(Exception exception)
    {
        string[] lines = exception.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.Find(lines, line => line.Contains("not found (required by", StringComparison.Ordinal)) ?? lines[0];
    }
}
