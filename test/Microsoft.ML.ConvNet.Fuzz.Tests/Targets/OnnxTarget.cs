using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>
/// ONNX files that were exported of networks, changed byte by byte, spliced, or message by message, so that what is wrong is deep inside.
/// What is imported is run.
/// </summary>
internal sealed class OnnxTarget : FuzzTarget
{
    private const int RandomNetworks = 6;
    private const long Megabyte = 1 << 20;
    private const long MostMultiplyAdds = 1 << 26;

    private readonly byte[][] _files =
    [
        .. Enumerable.Range(0, RandomNetworks).Select(seed => File(RandomNetwork.Create((ulong)seed))),
        .. Enumerable.Range(0, RandomNetworks).Select(seed => File(RandomArrayNetwork.Create((ulong)seed))),
        File(Network.Input(9, 4, 3).Conv(4, 3, stride: 2, padding: 1).BatchNorm().Relu().MaxPool(2, padding: Padding.Same).Flatten().Dense(3).Softmax()),
        File(Network.Input(new Shape(9, 4)).Apply(new Conv1D(6, 3)).Apply(new MaxPool1D(2)).Apply(new GlobalAvgPool1D()).Dense(2)),
        File(Network.Input(6, 6, 4).ChannelShuffle(2).Conv(4, 1).Resize((9, 7)).Pad(new Padding(1, 2, 0, 1)).Slice(0, 1, 5).GlobalAvgPool()),
        File(Network.Input(4, 4, 2).ConvTranspose(3, 2, stride: 2).AvgPool(3, stride: 2, padding: 1).Reshape([3, 16]).Permute(1, 0).Flatten()),
    ];

    /// <inheritdoc/>
    public override string Name => "onnx";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) => exception is ModelFormatException or OnnxImportException;

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        byte[] file = _files[random.Next(_files.Length)];
        byte[] input = random.Next(6) switch
        {
            0 => Mutation.Change(file, random),
            1 => Splice(file, _files[random.Next(_files.Length)], random),
            _ => MessageMutation.Change(file, random),
        };
        OnnxImportOptions options = new()
        {
            AddsSoftmax = random.Next(2) == 0,
            MaximumWeightBytes = 16 * Megabyte,
            Limits = new NetworkLimits { MostBytesOfActivations = 16 * Megabyte },
            MaximumFoldedBytes = 8 * Megabyte,
            MaximumFoldedMultiplyAdds = MostMultiplyAdds,
        };
        OnnxModel model = OnnxModel.Load(new MemoryStream(input));
        if (model.Inputs.Count > 0 && model.Inputs[0].Dimensions is { } open && random.Next(2) == 0)
        {
            options.InputDimensions = [.. open.Select(dimension => dimension ?? 1)];
        }

        using OnnxNetwork network = model.Import(options);
        int[] dimensions = [.. network.Input.Dimensions?.Select(dimension => dimension!.Value) ?? []];
        if (network.Network.Summary().MultiplyAdds <= MostMultiplyAdds)
        {
            long count = dimensions.Aggregate(1L, (product, dimension) => product * dimension);
            _ = network.Run(network.Input.Dimensions is null ? null : new OnnxTensor(dimensions, new float[count]), numberOfThreads: 1);
        }
    }

    private static byte[] Splice(byte[] first, byte[] second, Random random) =>
        [.. first.AsSpan(0, random.Next(first.Length)), .. second.AsSpan(random.Next(second.Length))];

    private static byte[] File(Network network)
    {
        using Weights weights = TestWeights.Create(network);
        using MemoryStream stream = new();
        OnnxExport.Save(network, weights, stream);
        return stream.ToArray();
    }
}
