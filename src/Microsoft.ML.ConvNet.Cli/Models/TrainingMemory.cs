using System.Globalization;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>Whether a machine has the memory for a training, before the system finds out that it has not and ends the program.</summary>
internal static class TrainingMemory
{
    private const int StatesPerParameter = 1;
    private const double BytesPerGigabyte = 1e9;

    /// <summary>Makes sure that a batch fits.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The images of a batch.</param>
    /// <param name="option">The option that says how many they are.</param>
    /// <exception cref="CommandException">It does not.</exception>
    public static void Require(Network network, int batch, string option)
    {
        long needed = network.Summary().TrainingBytes(batch, StatesPerParameter);
        MachineMemory there = MachineMemory.Get();
        if (there.Bytes > 0 && needed > there.Bytes)
        {
            throw new CommandException(string.Create(
                CultureInfo.InvariantCulture,
                $"{option} is as many images as fit into memory at a time. Received: {batch}, for which a training of {network} takes about "
                + $"{needed / BytesPerGigabyte:N1} GB; this {(there.IsOfContainer ? "container" : "machine")} has {there.Bytes / BytesPerGigabyte:N1} GB."));
        }
    }
}
