using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>Optimizers and schedules by their names, with their settings.</summary>
internal static class OptimizerSettings
{
    /// <summary>The optimizers; learning rate and decays are options of their own.</summary>
    public static IReadOnlyDictionary<string, Func<SettingText, Optimizer>> Optimizers { get; } = new Dictionary<string, Func<SettingText, Optimizer>>
    {
        ["sgd"] = text => new Sgd { Momentum = text.Real("momentum", new Sgd().Momentum), Nesterov = text.Flag("nesterov") },
        ["adam"] = text =>
        {
            Adam usual = new();
            return new Adam
            {
                Beta1 = text.Real("beta1", usual.Beta1),
                Beta2 = text.Real("beta2", usual.Beta2),
                Epsilon = text.Real("epsilon", usual.Epsilon),
            };
        },
        ["adamw"] = text =>
        {
            AdamW usual = new();
            return new AdamW
            {
                Beta1 = text.Real("beta1", usual.Beta1),
                Beta2 = text.Real("beta2", usual.Beta2),
                Epsilon = text.Real("epsilon", usual.Epsilon),
            };
        },
        ["rmsprop"] = text =>
        {
            RmsProp usual = new();
            return new RmsProp
            {
                Alpha = text.Real("alpha", usual.Alpha),
                Epsilon = text.Real("epsilon", usual.Epsilon),
                Momentum = text.Real("momentum", usual.Momentum),
                IsCentered = text.Flag("centered"),
            };
        },
        ["adagrad"] = text =>
        {
            Adagrad usual = new();
            return new Adagrad
            {
                LearningRateDecay = text.Real("learning-rate-decay", usual.LearningRateDecay),
                InitialAccumulator = text.Real("initial-accumulator", usual.InitialAccumulator),
                Epsilon = text.Real("epsilon", usual.Epsilon),
            };
        },
        ["adadelta"] = text =>
        {
            Adadelta usual = new();
            return new Adadelta { Rho = text.Real("rho", usual.Rho), Epsilon = text.Real("epsilon", usual.Epsilon) };
        },
        ["nadam"] = text =>
        {
            NAdam usual = new();
            return new NAdam
            {
                Beta1 = text.Real("beta1", usual.Beta1),
                Beta2 = text.Real("beta2", usual.Beta2),
                Epsilon = text.Real("epsilon", usual.Epsilon),
                MomentumDecay = text.Real("momentum-decay", usual.MomentumDecay),
                DecoupledWeightDecay = text.Flag("decoupled"),
            };
        },
        ["lion"] = text =>
        {
            Lion usual = new();
            return new Lion { Beta1 = text.Real("beta1", usual.Beta1), Beta2 = text.Real("beta2", usual.Beta2) };
        },
    };

    /// <summary>The schedules; each may have a warm-up.</summary>
    public static IReadOnlyDictionary<string, Func<SettingText, LearningRateSchedule>> Schedules { get; } =
        new Dictionary<string, Func<SettingText, LearningRateSchedule>>
        {
            ["constant"] = text => WithWarmup(text, new ConstantLearningRate()),
            ["step"] = text => WithWarmup(text, new StepDecay(text.Integer("epochs", null), text.Real("factor", new StepDecay(1).Factor))),
            ["exponential"] = text => WithWarmup(text, new ExponentialDecay(text.Real("factor", new ExponentialDecay().Factor))),
            ["polynomial"] = text => WithWarmup(text, new PolynomialDecay(text.Real("power", new PolynomialDecay().Power), text.Real("minimum", 0))),
            ["cosine"] = text => WithWarmup(text, new CosineDecay(text.Real("minimum", 0))),
            ["cosine-restarts"] = text => WithWarmup(
                text, new CosineRestarts(text.Integer("cycles", null), text.Real("growth", 1), text.Real("minimum", 0))),
            ["one-cycle"] = text =>
            {
                OneCycle usual = new();
                return WithWarmup(
                    text,
                    new OneCycle(
                        text.Real("rising-share", usual.RisingShare),
                        text.Real("initial-divisor", usual.InitialDivisor),
                        text.Real("final-divisor", usual.FinalDivisor))
                    {
                        MomentumCycle = text.Flag("momentum-cycle"),
                        MinimumMomentum = text.Real("minimum-momentum", usual.MinimumMomentum),
                        MaximumMomentum = text.Real("maximum-momentum", usual.MaximumMomentum),
                    });
            },
        };

    private static LearningRateSchedule WithWarmup(SettingText text, LearningRateSchedule schedule) =>
        schedule with { WarmupSteps = text.Integer("warmup-steps", 0) };
}
