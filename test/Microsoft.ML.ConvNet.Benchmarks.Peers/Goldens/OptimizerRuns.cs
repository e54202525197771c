using System.Globalization;
using Microsoft.ML.ConvNet.Core.Tests.Zoo;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Goldens;

/// <summary>Some hashed weights after 1, 2, 10 and 20 steps of PyTorch's optimizers along hashed gradients.</summary>
internal static class OptimizerRuns
{
    private const int Count = 5;
    private const int Steps = 20;

    private static readonly int[] Shown = [1, 2, 10, 20];

    // Settings are the doubles of the engine's floats.
    private static readonly (string Name, Func<Parameter[], optim.Optimizer> Create)[] Runs =
    [
        ("sgd", w => optim.SGD(w, 0.1f)),
        ("sgd, momentum, decay", w => optim.SGD(w, 0.1f, momentum: 0.9f, weight_decay: 0.05f)),
        ("sgd, nesterov, decay", w => optim.SGD(w, 0.1f, momentum: 0.9f, weight_decay: 0.05f, nesterov: true)),
        ("adam", w => optim.Adam(w, 0.02f, 0.9f, 0.999f, 1e-8f)),
        ("adam, decay", w => optim.Adam(w, 0.02f, 0.8f, 0.95f, 1e-6f, weight_decay: 0.3f)),
        ("adamw", w => optim.AdamW(w, 0.02f, 0.9f, 0.999f, 1e-8f, weight_decay: 0.01f)),
        ("adamw, decay", w => optim.AdamW(w, 0.02f, 0.8f, 0.95f, 1e-6f, weight_decay: 0.3f)),
        ("rmsprop", w => optim.RMSProp(w, 0.01f, alpha: 0.99f, eps: 1e-8f)),
        ("rmsprop, decay", w => optim.RMSProp(w, 0.01f, alpha: 0.9f, eps: 1e-3f, weight_decay: 0.3f)),
        ("rmsprop, momentum", w => optim.RMSProp(w, 0.01f, alpha: 0.9f, eps: 1e-3f, momentum: 0.8f)),
        ("rmsprop, centered", w => optim.RMSProp(w, 0.01f, alpha: 0.9f, eps: 1e-3f, centered: true)),
        ("rmsprop, momentum, centered, decay",
            w => optim.RMSProp(w, 0.01f, alpha: 0.9f, eps: 1e-3f, weight_decay: 0.3f, momentum: 0.8f, centered: true)),
        ("adagrad", w => optim.Adagrad(w, 0.05f, eps: 1e-10f)),
        ("adagrad, rate's decay, accumulator, decay",
            w => optim.Adagrad(w, 0.05f, lr_decay: 0.1f, weight_decay: 0.3f, initial_accumulator_value: 0.2f, eps: 1e-10f)),
        ("adadelta", w => optim.Adadelta(w, 1f, rho: 0.9f, eps: 1e-6f)),
        ("adadelta, decay", w => optim.Adadelta(w, 0.5f, rho: 0.8f, eps: 1e-3f, weight_decay: 0.3f)),
        ("nadam", w => optim.NAdam(w, 0.02f, 0.9f, 0.999f, 1e-8f, momentum_decay: 4e-3f)),
        ("nadam, decay", w => optim.NAdam(w, 0.02f, 0.8f, 0.95f, 1e-6f, weight_decay: 0.3f, momentum_decay: 0.05f)),
    ];

    /// <summary>Writes them.</summary>
    public static void Write(TextWriter writer)
    {
        foreach ((string name, Func<Parameter[], optim.Optimizer> create) in Runs)
        {
            writer.WriteLine($"        [\"{name}\"] =");
            writer.WriteLine("        [");
            foreach (double[] weights in After(create))
            {
                writer.WriteLine($"            [{string.Join(", ", weights.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}],");
            }

            writer.WriteLine("        ],");
        }
    }

    private static List<double[]> After(Func<Parameter[], optim.Optimizer> create)
    {
        using IDisposable scope = NewDisposeScope();
        Parameter weights = new(Hashed("weights"));
        optim.Optimizer optimizer = create([weights]);
        List<double[]> after = [];
        for (int step = 1; step <= Steps; step++)
        {
            weights.grad = Hashed(FormattableString.Invariant($"gradient {step}"));
            optimizer.step();
            if (Shown.Contains(step))
            {
                after.Add(weights.data<double>().ToArray());
            }
        }

        return after;
    }

    private static Tensor Hashed(string name)
    {
        float[] numbers = new float[Count];
        HashedNumbers.Fill(name, numbers);
        return tensor(numbers).to(ScalarType.Float64);
    }
}
