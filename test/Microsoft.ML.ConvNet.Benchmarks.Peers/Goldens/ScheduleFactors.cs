using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Goldens;

/// <summary>The learning rates of PyTorch's schedulers over 20 steps, from a learning rate of 1, and the momenta of those that change it.</summary>
internal static class ScheduleFactors
{
    private const int Steps = 20;
    private const int NumbersInLine = 5;

    private static readonly (string Name, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> Create)[] Schedules =
    [
        ("exponential", optimizer => optim.lr_scheduler.ExponentialLR(optimizer, gamma: 0.9f)),
        ("polynomial, power 2", optimizer => optim.lr_scheduler.PolynomialLR(optimizer, total_iters: Steps, power: 2)),
        ("polynomial, power 1", optimizer => optim.lr_scheduler.PolynomialLR(optimizer, total_iters: Steps, power: 1)),
        ("one cycle", optimizer => optim.lr_scheduler.OneCycleLR(optimizer, max_lr: 1, total_steps: Steps, cycle_momentum: false)),
        ("one cycle, other shape", optimizer => optim.lr_scheduler.OneCycleLR(
            optimizer, max_lr: 1, total_steps: Steps, pct_start: 0.45f, div_factor: 10, final_div_factor: 100, cycle_momentum: false)),
    ];

    private static readonly (string Name, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> Create)[] MomentumCycles =
    [
        ("one cycle", optimizer => optim.lr_scheduler.OneCycleLR(optimizer, max_lr: 1, total_steps: Steps)),
        ("one cycle, other shape", optimizer => optim.lr_scheduler.OneCycleLR(
            optimizer, max_lr: 1, total_steps: Steps, pct_start: 0.45f, base_momentum: 0.7, max_momentum: 0.9)),
    ];

    /// <summary>Writes them.</summary>
    public static void Write(TextWriter writer)
    {
        foreach ((string name, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> create) in Schedules)
        {
            Write(writer, name, Rates(create));
        }

        foreach ((string name, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> create) in MomentumCycles)
        {
            Write(writer, name, Momenta(create));
        }
    }

    private static void Write(TextWriter writer, string name, IEnumerable<double> numbers)
    {
        writer.WriteLine($"        [\"{name}\"] =");
        writer.WriteLine("        [");
        foreach (double[] line in numbers.Chunk(NumbersInLine))
        {
            writer.WriteLine($"            {string.Join(", ", line.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))},");
        }

        writer.WriteLine("        ],");
    }

    private static List<double> Momenta(Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> create)
    {
        using IDisposable scope = NewDisposeScope();
        SGD optimizer = optim.SGD([new Parameter(zeros(1))], 1, momentum: 0.9);
        optim.lr_scheduler.LRScheduler schedule = create(optimizer);
        optim.ILearningRateController group = optimizer.ParamGroups.Single();
        List<double> momenta = [((SGD.ParamGroup)group).Momentum];
        while (momenta.Count < Steps)
        {
            schedule.step();
            momenta.Add(((SGD.ParamGroup)group).Momentum);
        }

        return momenta;
    }

    private static List<double> Rates(Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> create)
    {
        using IDisposable scope = NewDisposeScope();
        SGD optimizer = optim.SGD([new Parameter(zeros(1))], 1);
        optim.lr_scheduler.LRScheduler schedule = create(optimizer);
        List<double> rates = [schedule.get_last_lr().Single()];
        while (rates.Count < Steps)
        {
            schedule.step();
            rates.Add(schedule.get_last_lr().Single());
        }

        return rates;
    }
}
