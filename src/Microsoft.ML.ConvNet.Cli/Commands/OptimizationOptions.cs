using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that say how the weights follow the gradient, and of what.</summary>
internal sealed class OptimizationOptions
{
    private const string SmoothingName = "--label-smoothing";

    private readonly Option<Optimizer?> _optimizer = SettingText.Option(
        "--optimizer",
        "NAME[:SETTING=VALUE,...]",
        "How the weights follow the gradient, such as sgd:momentum=0.9,nesterov: sgd (momentum, nesterov), adam, adamw (beta1, beta2, epsilon), "
        + "rmsprop (alpha, epsilon, momentum, centered), adagrad (learning-rate-decay, initial-accumulator, epsilon), adadelta (rho, epsilon), nadam "
        + "(beta1, beta2, epsilon, momentum-decay, decoupled) or lion (beta1, beta2); by default what suits the architecture. Its learning rate is then "
        + "its own where --learning-rate does not say.",
        text => text.Kind(OptimizerSettings.Optimizers));

    private readonly Option<double?> _weightDecay = NumberOptions.Real(
        "--weight-decay",
        new RealRange(0, 1000),
        "The weight decay: of the gradient (L2), or decoupled from it with adamw, lion and nadam:decoupled; by default that of the optimizer, or what suits the "
        + "architecture.");

    private readonly Option<LearningRateSchedule?> _schedule = SettingText.Option(
        "--schedule",
        "NAME[:SETTING=VALUE,...]",
        "How the learning rate changes, such as cosine:warmup-steps=500: constant, step (epochs, factor), exponential (factor), polynomial (power, "
        + "minimum), cosine (minimum), cosine-restarts (cycles, growth, minimum) or one-cycle (rising-share, initial-divisor, final-divisor, "
        + "momentum-cycle, minimum-momentum, maximum-momentum), each with warmup-steps; by default what suits the architecture.",
        text => text.Kind(OptimizerSettings.Schedules));

    private readonly Option<ClassLoss?> _loss = SettingText.Option(
        "--loss",
        "NAME[:SETTING=VALUE,...]",
        "What is made small: cross-entropy (label-smoothing), the default, or focal (gamma).",
        text => text.Kind(LossSettings.Losses));

    private readonly Option<double?> _smoothing = NumberOptions.Real(
        SmoothingName,
        new RealRange(0, 1) { IsUnderMaximum = true },
        "The share of the target that is spread evenly over all classes; by default 0.");

    private readonly Option<double?> _clipNorm = NumberOptions.Real(
        "--clip-gradient-norm",
        new RealRange(1e-6, 1e6),
        "The greatest length of the gradient, to which longer ones are shortened: keeps a training from diverging; by default no limit.");

    private readonly Option<double?> _clipValue = NumberOptions.Real(
        "--clip-gradient-value",
        new RealRange(1e-9, 1e6),
        "The greatest absolute value of an element of the gradient, to which larger ones are set; by default no limit.");

    private readonly Option<int?> _accumulated = NumberOptions.Integer(
        "--accumulated-batches", 1, 1_000_000, "How many batches make one step: 8 of 32 images train as one of 256, in the memory of 32; by default 1.");

    private readonly Option<double?> _mixup = NumberOptions.Real(
        "--mixup",
        new RealRange(0, 1000),
        "Mix each image with another one, and their classes, by shares of the distribution Beta(N, N), such as 0.2; by default not. The loss and accuracy of "
        + "training images are then those of mixed ones.");

    private readonly Option<double?> _cutMix = NumberOptions.Real(
        "--cutmix",
        new RealRange(0, 1000),
        "Put a rectangle of another image into each, of a share of its area of Beta(N, N), such as 1; by default not. With --mixup, too, each image gets one "
        + "of both.");

    /// <summary>Those of a whole training, which say nothing of a step by itself.</summary>
    public IEnumerable<Option> OfWholeTrainings => [_schedule];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        foreach (Option option in (Option[])[_optimizer, _weightDecay, _schedule, _loss, _smoothing, _clipNorm, _clipValue, _accumulated, _mixup, _cutMix])
        {
            command.Add(option);
        }
    }

    /// <summary>Settings with what the options say.</summary>
    /// <exception cref="CommandException">Two of them contradict one another.</exception>
    public LearningSettings AddTo(LearningSettings settings, ParseResult parsed)
    {
        ClassLoss? loss = parsed.GetValue(_loss);
        if (loss is not null && parsed.GetValue(_smoothing) is { } smoothing)
        {
            throw new CommandException(FormattableString.Invariant(
                $"{SmoothingName} is for the cross-entropy that is made small where --loss says nothing; --loss cross-entropy:label-smoothing={smoothing} says both. ")
                + "Received: both options.");
        }

        return settings with
        {
            Optimizer = parsed.GetValue(_optimizer),
            WeightDecay = parsed.GetValue(_weightDecay),
            Schedule = parsed.GetValue(_schedule),
            Loss = loss,
            LabelSmoothing = parsed.GetValue(_smoothing) ?? 0,
            ClipGradientNorm = parsed.GetValue(_clipNorm),
            ClipGradientValue = parsed.GetValue(_clipValue),
            AccumulatedBatches = parsed.GetValue(_accumulated) ?? 1,
            Mixup = parsed.GetValue(_mixup) ?? 0,
            CutMix = parsed.GetValue(_cutMix) ?? 0,
        };
    }
}
