using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>
/// An ONNX file whose weights stand in another file, as exporters write large ones: the model is changed message by message, which changes
/// names, offsets and lengths, or the other file is shorter, longer, a link or not there.
/// </summary>
internal sealed class OnnxExternalDataTarget : FuzzTarget
{
    private const string ModelName = "model.onnx";
    private const string DataName = "weights.bin";
    private const long Megabyte = 1 << 20;

    // Fields of ModelProto, GraphProto, TensorProto and StringStringEntryProto by their numbers in onnx.proto.
    private const int GraphOfModel = 7;
    private const int InitializerOfGraph = 5;
    private const int RawDataOfTensor = 9;
    private const int ExternalDataOfTensor = 13;
    private const int LocationOfTensor = 14;
    private const int KeyOfEntry = 1;
    private const int ValueOfEntry = 2;

    private readonly byte[] _model;
    private readonly byte[] _data;

    public OnnxExternalDataTarget()
    {
        Network network = Network.Input(9, 9, 3).Conv(4, 3).BatchNorm().Relu().MaxPool(2).Conv(6, 3).Relu().Flatten().Dense(3).Softmax();
        using Weights weights = TestWeights.Create(network);
        using MemoryStream stream = new();
        OnnxExport.Save(network, weights, stream);
        using MemoryStream data = new();
        _model = Rewritten(stream.ToArray(), GraphOfModel, graph => Rewritten(graph, InitializerOfGraph, tensor => Moved(tensor, data)));
        _data = data.ToArray();
    }

    /// <inheritdoc/>
    public override string Name => "onnx-external";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) => exception is ModelFormatException or OnnxImportException;

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        string folder = Directory.CreateTempSubdirectory("convnet-fuzz-").FullName;
        try
        {
            string path = Path.Combine(folder, ModelName);
            File.WriteAllBytes(path, random.Next(4) == 0 ? _model : MessageMutation.Change(_model, random));
            WriteData(folder, random);
            using OnnxNetwork network = OnnxModel.Load(path).Import(new OnnxImportOptions
            {
                MaximumWeightBytes = 16 * Megabyte,
                Limits = new NetworkLimits { MostBytesOfActivations = 16 * Megabyte },
                MaximumFoldedBytes = 8 * Megabyte,
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void WriteData(string folder, Random random)
    {
        string path = Path.Combine(folder, DataName);
        switch (random.Next(8))
        {
            case 0:
                File.WriteAllBytes(path, Mutation.Change(_data, random));
                break;
            case 1:
                File.WriteAllBytes(path, _data[..random.Next(_data.Length)]);
                break;
            case 2:
                File.WriteAllBytes(Path.Combine(folder, "elsewhere"), _data);
                _ = File.CreateSymbolicLink(path, random.Next(3) switch { 0 => "elsewhere", 1 => "../nowhere", _ => DataName });
                break;
            case 3:
                if (random.Next(2) == 0)
                {
                    _ = Directory.CreateDirectory(path);
                }

                break;
            default:
                File.WriteAllBytes(path, _data);
                break;
        }
    }

    /// <summary>A tensor whose numbers are appended to a file.</summary>
    private static byte[] Moved(byte[] tensor, MemoryStream data)
    {
        byte[] numbers = [];
        byte[] rest = Rewritten(tensor, RawDataOfTensor, content =>
        {
            numbers = content;
            return null;
        });
        if (numbers.Length == 0)
        {
            return tensor;
        }

        using MemoryStream moved = new();
        moved.Write(rest);
        CodedOutputStream output = new(moved);
        foreach ((string key, string value) in new[]
        {
            ("location", DataName),
            ("offset", data.Length.ToString(CultureInfo.InvariantCulture)),
            ("length", numbers.Length.ToString(CultureInfo.InvariantCulture)),
        })
        {
            output.WriteTag(ExternalDataOfTensor, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(Entry(key, value)));
        }

        output.WriteTag(LocationOfTensor, WireFormat.WireType.Varint);
        output.WriteEnum(1);
        output.Flush();
        data.Write(numbers);
        return moved.ToArray();
    }

    private static byte[] Entry(string key, string value)
    {
        using MemoryStream entry = new();
        CodedOutputStream output = new(entry);
        output.WriteTag(KeyOfEntry, WireFormat.WireType.LengthDelimited);
        output.WriteString(key);
        output.WriteTag(ValueOfEntry, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
        output.Flush();
        return entry.ToArray();
    }

    /// <summary>A message of which every field of a number has other content, or none.</summary>
    private static byte[] Rewritten(byte[] message, int number, Func<byte[], byte[]?> content)
    {
        using MemoryStream written = new();
        CodedOutputStream output = new(written);
        CodedInputStream input = new(message);
        while (input.ReadTag() is var tag and not 0)
        {
            bool isHere = WireFormat.GetTagFieldNumber(tag) == number;
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.LengthDelimited:
                    byte[] bytes = input.ReadBytes().ToByteArray();
                    if ((isHere ? content(bytes) : bytes) is { } kept)
                    {
                        output.WriteUInt32(tag);
                        output.WriteBytes(ByteString.CopyFrom(kept));
                    }

                    break;
                case WireFormat.WireType.Varint:
                    output.WriteUInt32(tag);
                    output.WriteUInt64(input.ReadUInt64());
                    break;
                case WireFormat.WireType.Fixed32:
                    output.WriteUInt32(tag);
                    output.WriteFixed32(input.ReadFixed32());
                    break;
                default:
                    throw new InvalidOperationException($"No field of our exports is of this wire type. Received: tag {tag}.");
            }
        }

        output.Flush();
        return written.ToArray();
    }
}
