using System.Diagnostics;
using Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>
/// A form of LibTorch tried in a process of its own. On some virtual machines some of oneDNN's convolutions
/// of 1x1 end the process by a division by zero; that must not be the comparison's.
/// </summary>
internal static class FormTrial
{
    private const int Success = 0;
    private const int BadUsage = 2;

    /// <summary>Why a process that does a work once in this form does not end well; null where it does.</summary>
    public static string? FindFailure(Work work, LibTorchForm form)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] arguments = ["try", work.Name, form.Name];
        ProcessStartInfo start = new(program, isHost ? [typeof(FormTrial).Assembly.Location, .. arguments] : arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string? lastLine = null;
        process.ErrorDataReceived += (_, line) => lastLine = string.IsNullOrWhiteSpace(line.Data) ? lastLine : line.Data;
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode switch
        {
            Success => null,
            Program.Failed => $"{form.SideName}: {lastLine}",
            _ => $"{form.SideName} ends its process with {process.ExitCode}",
        };
    }

    /// <summary>Does a work once; the arguments are its name and the form's.</summary>
    /// <exception cref="PeerException">LibTorch does not load.</exception>
    public static int Run(string[] arguments)
    {
        Work? work = Works.All.FirstOrDefault(candidate => candidate.Name == arguments.FirstOrDefault());
        LibTorchForm? form = LibTorchForm.All.FirstOrDefault(candidate => candidate.Name == arguments.LastOrDefault());
        if (work is null || form is null || arguments.Length != 2)
        {
            Console.Error.WriteLine($"try takes the name of a work and a form. Received: {string.Join(' ', arguments)}.");
            return BadUsage;
        }

        LibTorchLibrary.Load(Work.Threads);
        using WorkInput input = new(work);
        using Side side = input.CreateLibTorch(form);
        side.Results();
        return Success;
    }
}
