using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>Records of CIFAR-10 and CIFAR-100, and the lists of names beside them.</summary>
internal sealed class CifarTarget : FuzzTarget
{
    private const int RecordBytes = 3073;
    private readonly byte[] _records = [.. Enumerable.Range(0, 2 * RecordBytes).Select(i => (byte)(i % RecordBytes == 0 ? 7 : i))];
    private readonly byte[] _names = [.. "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n"u8];

    /// <inheritdoc/>
    public override string Name => "cifar";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) => exception is InvalidDataException;

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        string folder = Directory.CreateTempSubdirectory("convnet-fuzz-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "data_batch_1.bin"), random.Next(2) == 0 ? Mutation.Change(_records, random) : _records);
            File.WriteAllBytes(Path.Combine(folder, "batches.meta.txt"), Mutation.Change(_names, random));
            CifarReader.ReadTraining(folder, random.Next(2) == 0 ? CifarKind.Cifar10 : null).Dispose();
            _ = CifarReader.ReadClassNames(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
