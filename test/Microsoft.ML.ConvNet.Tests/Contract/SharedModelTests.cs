using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Contract;

/// <summary>Many threads share one model that was loaded once.</summary>
[TestClass]
[DoNotParallelize] // What other tests take is not to be measured.
public sealed class SharedModelTests
{
    private const int Threads = 16;
    private const int Predictions = 100_000;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Sixteen_threads_predict_without_a_wrong_bit_and_without_taking_more_and_more_memory()
    {
        BarRow[] rows = BarImages.Create(250);
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        using TemporaryFile file = new();
        _context.Model.Save(BarModels.Train(_context), data.Schema, file.Name);
        ITransformer model = _context.Model.Load(file.Name, out _);
        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Score")];

        Run(Predictions / 10);
        long before = ResidentBytes();
        Run(Predictions);
        Assert.IsLessThan(before + (48L << 20), ResidentBytes(), "100,000 predictions take no memory for good");

        void Run(int predictions) => Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            // Half of them row by row, half of them in batches.
            if (thread % 2 == 0)
            {
                using PredictionEngine<BarRow, ScoredRow> engine = _context.Model.CreatePredictionEngine<BarRow, ScoredRow>(model);
                ScoredRow scored = new();
                for (int i = 0; i < predictions / Threads; i++)
                {
                    int row = (i + thread) % rows.Length;
                    engine.Predict(rows[row], ref scored);
                    AssertBits(expected[row], scored.Score!);
                }
            }
            else
            {
                for (int i = 0; i < predictions / Threads / rows.Length; i++)
                {
                    int row = 0;
                    foreach (float[] scores in model.Transform(data).GetColumn<float[]>("Score"))
                    {
                        AssertBits(expected[row++], scores);
                    }
                }
            }
        });
    }

    private static void AssertBits(float[] expected, float[] received)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(expected[i]) != BitConverter.SingleToUInt32Bits(received[i]))
            {
                Assert.Fail(FormattableString.Invariant($"class {i}: {expected[i]:R} and {received[i]:R}"));
            }
        }
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class ScoredRow
    {
        public float[]? Score { get; set; }
    }
#pragma warning restore CA1812
}
