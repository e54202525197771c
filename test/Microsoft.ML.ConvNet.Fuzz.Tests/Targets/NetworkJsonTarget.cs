using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>Definitions of networks; what is read is written and read again, and is then the same.</summary>
internal sealed class NetworkJsonTarget : FuzzTarget
{
    private const int Networks = 40;
    private readonly string[] _texts =
    [
        .. Enumerable.Range(0, Networks).Select(seed => NetworkJson.ToText(
            seed % 2 == 0 ? RandomNetwork.Create((ulong)seed) : RandomArrayNetwork.Create((ulong)seed))),
    ];

    /// <inheritdoc/>
    public override string Name => "network-json";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) => exception is ModelFormatException;

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        string text = _texts[random.Next(_texts.Length)];
        Network network;
        if (random.Next(4) == 0)
        {
            using MemoryStream stream = new(Mutation.Change(System.Text.Encoding.UTF8.GetBytes(text), random));
            network = NetworkJson.Read(stream);
        }
        else
        {
            network = NetworkJson.Parse(TextMutation.Change(text, random));
        }

        if (!NetworkJson.Parse(NetworkJson.ToText(network)).Equals(network))
        {
            throw new InvalidOperationException($"A network is not what was written of it: {network}.");
        }
    }
}
