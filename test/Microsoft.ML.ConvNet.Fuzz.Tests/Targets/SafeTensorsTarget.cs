using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>Files of weights: as the weights of a network, as loose tensors, and by PyTorch's names.</summary>
internal sealed class SafeTensorsTarget : FuzzTarget
{
    private const int HeaderLength = sizeof(long);
    private readonly Network _network = Network.Input(6, 6, 2).Conv(3, 3).BatchNorm().Relu().Flatten().Dense(4).Softmax();
    private readonly byte[] _file;

    public SafeTensorsTarget()
    {
        using Weights weights = TestWeights.Create(_network);
        using MemoryStream stream = new();
        SafeTensors.Write(weights, stream, new Dictionary<string, string> { ["format"] = "pt" });
        _file = stream.ToArray();
    }

    /// <inheritdoc/>
    public override string Name => "safetensors";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) => exception is ModelFormatException;

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        byte[] input = random.Next(2) == 0 ? Mutation.Change(_file, random) : WithChangedHeader(random);
        using MemoryStream stream = new(input);
        switch (random.Next(3))
        {
            case 0:
                SafeTensors.Read(stream, _network).Dispose();
                break;
            case 1:
                SafeTensors.ReadTensors(stream).Dispose();
                break;
            default:
                PyTorchWeights.Read(stream, _network, allowOthers: true).Dispose();
                break;
        }
    }

    // The header is text behind its length, which is made true again: what is wrong is then inside it.
    private byte[] WithChangedHeader(Random random)
    {
        int length = (int)BitConverter.ToInt64(_file);
        string header = System.Text.Encoding.UTF8.GetString(_file, HeaderLength, length);
        byte[] changed = System.Text.Encoding.UTF8.GetBytes(TextMutation.Change(header, random));
        return [.. BitConverter.GetBytes((long)changed.Length), .. changed, .. _file.AsSpan(HeaderLength + length)];
    }
}
