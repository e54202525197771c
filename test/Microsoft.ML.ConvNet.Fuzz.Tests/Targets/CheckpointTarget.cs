using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Optimizers;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>
/// The state of a training as a file, from which a training is to go on. In half of the inputs what <c>state.json</c> says is changed and its
/// hash is true.
/// </summary>
internal sealed class CheckpointTarget : FuzzTarget
{
    private const int Samples = 20;
    private readonly Network _network = Network.Input(4, 4, 1).Conv(2, 3).BatchNorm().Relu().Flatten().Dense(2).Softmax();
    private readonly byte[] _file;
    private readonly string _name;

    public CheckpointTarget()
    {
        string folder = Directory.CreateTempSubdirectory("convnet-fuzz-").FullName;
        try
        {
            using CancellationTokenSource source = new();
            int steps = 0;
            Train(
                folder,
                () =>
                {
                    if (++steps == 5)
                    {
                        source.Cancel();
                    }
                },
                source.Token);
            _name = Path.GetFileName(Directory.GetFiles(folder, "*.checkpoint").Single());
            _file = File.ReadAllBytes(Path.Combine(folder, _name));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc/>
    public override string Name => "checkpoint";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) =>
        exception is ModelFormatException or ArgumentException or NotSupportedException or TrainingDivergedException;

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        string folder = Directory.CreateTempSubdirectory("convnet-fuzz-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, _name), random.Next(2) == 0 ? Mutation.Change(_file, random) : WithChangedState(random));
            Train(folder, () => { }, default);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private byte[] WithChangedState(Random random)
    {
        using MemoryStream copy = new();
        copy.Write(_file);
        using (ZipArchive archive = new(copy, ZipArchiveMode.Update, leaveOpen: true))
        {
            using Stream stream = archive.GetEntry("state.json")!.Open();
            using StreamReader reader = new(stream);
            string text = reader.ReadToEnd();
            text = text[..text.LastIndexOf('\n')];
            byte[] json = Encoding.UTF8.GetBytes(random.Next(8) == 0 ? WithOtherDigit(text, random) : TextMutation.Change(text, random));
            stream.SetLength(0);
            stream.Write([.. json, (byte)'\n', .. Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(json)))]);
        }

        return copy.ToArray();
    }

    /// <summary>Numbers of how far the training is and how it went, one digit of which is another.</summary>
    private static string WithOtherDigit(string text, Random random)
    {
        int[] digits = [.. Enumerable.Range(0, text.Length).Where(i => i > text.IndexOf("progress", StringComparison.Ordinal) && char.IsAsciiDigit(text[i]))];
        int at = digits[random.Next(digits.Length)];
        return $"{text[..at]}{random.Next(10)}{text[(at + 1)..]}";
    }

    private void Train(string folder, Action stepEnded, CancellationToken cancellationToken)
    {
        TrainingOptions options = new()
        {
            Epochs = 2,
            BatchSize = 6,
            Optimizer = new Adam(),
            NumberOfThreads = 1,
            Callbacks = [new CheckpointSaving(folder) { Resume = true, EveryEpochs = 0 }],
            CancellationToken = cancellationToken,
            BatchCompleted = _ => stepEnded(),
        };
        using InMemoryDataset samples = new(new Shape(4, 4, 1), 2);
        for (int i = 0; i < Samples; i++)
        {
            samples.Add([.. Enumerable.Range(0, 16).Select(pixel => (float)((pixel + i) % (2 + (i % 2))))], i % 2);
        }

        NetworkTrainer.Train(_network, samples, options).Weights.Dispose();
    }
}
