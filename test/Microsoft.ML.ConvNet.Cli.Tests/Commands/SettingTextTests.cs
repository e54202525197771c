using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Commands;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>What the texts of a training's options become.</summary>
[TestClass]
public sealed class SettingTextTests
{
    public static IEnumerable<object[]> Optimizers =>
    [
        ["sgd", new Sgd()],
        ["sgd:momentum=0.5,nesterov", new Sgd { Momentum = 0.5f, Nesterov = true }],
        ["adam", new Adam()],
        ["adam:beta1=0.8,beta2=0.9,epsilon=1e-6", new Adam { Beta1 = 0.8f, Beta2 = 0.9f, Epsilon = 1e-6f }],
        ["adamw", new AdamW()],
        ["adamw:beta1=0.8,beta2=0.9,epsilon=1e-6", new AdamW { Beta1 = 0.8f, Beta2 = 0.9f, Epsilon = 1e-6f }],
        ["rmsprop", new RmsProp()],
        ["rmsprop:alpha=0.9,epsilon=1e-3,momentum=0.5,centered=true", new RmsProp { Alpha = 0.9f, Epsilon = 1e-3f, Momentum = 0.5f, IsCentered = true }],
        ["adagrad", new Adagrad()],
        ["adagrad:learning-rate-decay=0.1,initial-accumulator=0.2,epsilon=1e-4",
            new Adagrad { LearningRateDecay = 0.1f, InitialAccumulator = 0.2f, Epsilon = 1e-4f }],
        ["adadelta", new Adadelta()],
        ["adadelta:rho=0.8,epsilon=1e-4", new Adadelta { Rho = 0.8f, Epsilon = 1e-4f }],
        ["nadam", new NAdam()],
        ["nadam:beta1=0.8,beta2=0.9,epsilon=1e-6,momentum-decay=0.1,decoupled",
            new NAdam { Beta1 = 0.8f, Beta2 = 0.9f, Epsilon = 1e-6f, MomentumDecay = 0.1f, DecoupledWeightDecay = true }],
        ["lion", new Lion()],
        ["lion:beta1=0.8,beta2=0.9", new Lion { Beta1 = 0.8f, Beta2 = 0.9f }],
    ];

    public static IEnumerable<object[]> Schedules =>
    [
        ["constant", new ConstantLearningRate()],
        ["step:epochs=3", new StepDecay(3)],
        ["step:epochs=3,factor=0.5", new StepDecay(3, 0.5f)],
        ["exponential", new ExponentialDecay()],
        ["exponential:factor=0.5", new ExponentialDecay(0.5f)],
        ["polynomial", new PolynomialDecay()],
        ["polynomial:power=2,minimum=0.1", new PolynomialDecay(2, 0.1f)],
        ["cosine", new CosineDecay()],
        ["cosine:minimum=0.1,warmup-steps=50", new CosineDecay(0.1f) { WarmupSteps = 50 }],
        ["cosine-restarts:cycles=3", new CosineRestarts(3)],
        ["cosine-restarts:cycles=3,growth=2,minimum=0.1", new CosineRestarts(3, 2, 0.1f)],
        ["one-cycle", new OneCycle()],
        ["one-cycle:rising-share=0.4,initial-divisor=10,final-divisor=100,momentum-cycle,minimum-momentum=0.8,maximum-momentum=0.9",
            new OneCycle(0.4f, 10, 100) { MomentumCycle = true, MinimumMomentum = 0.8f, MaximumMomentum = 0.9f }],
    ];

    public static IEnumerable<object[]> Augmentations =>
    [
        ["--horizontal-flip --vertical-flip", new ImageAugmentation { HorizontalFlip = true, VerticalFlip = true }],
        ["--rotation 15 --shear 10", new ImageAugmentation { RotationRange = 15, ShearRange = 10 }],
        ["--shift 0.1 --zoom 0.25", new ImageAugmentation { WidthShiftRange = 0.1f, HeightShiftRange = 0.1f, ZoomRange = (0.75f, 1.25f) }],
        ["--crop-padding 4 --resized-crop 0.25", new ImageAugmentation { CropPadding = 4, ResizedCrop = new RandomResizedCrop { Scale = (0.25f, 1) } }],
        ["--brightness 0.25 --contrast 0.5 --saturation 0.75",
            new ImageAugmentation { BrightnessRange = (0.75f, 1.25f), ContrastRange = (0.5f, 1.5f), SaturationRange = (0.25f, 1.75f) }],
        ["--hue 0.1 --channel-shift 20 --noise 5", new ImageAugmentation { HueRange = 0.1f, ChannelShiftRange = 20, GaussianNoise = 5 }],
        ["--erasing 0.25", new ImageAugmentation { Erasing = new RandomErasing { Probability = 0.25f } }],
        ["--augment trivial", new ImageAugmentation { Policy = new TrivialAugment() }],
        ["--augment rand:operations=3,magnitude=12", new ImageAugmentation { Policy = new RandAugment { Operations = 3, Magnitude = 12 } }],
        ["--rotation 5 --fill-mode wrap --interpolation nearest",
            new ImageAugmentation { RotationRange = 5, FillMode = FillMode.Wrap, Interpolation = Interpolation.Nearest }],
        ["--rotation 5 --fill-mode constant --fill-value 127", new ImageAugmentation { RotationRange = 5, FillMode = FillMode.Constant, FillValue = 127 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void An_optimizer_is_read_with_its_settings(string text, Optimizer expected) => Assert.AreEqual(expected, Read("--optimizer", text).Optimizer);

    [TestMethod]
    [DynamicData(nameof(Schedules))]
    public void A_schedule_is_read_with_its_settings(string text, LearningRateSchedule expected) => Assert.AreEqual(expected, Read("--schedule", text).Schedule);

    [TestMethod]
    [DynamicData(nameof(Augmentations))]
    public void An_augmentation_is_read_from_its_options(string text, ImageAugmentation expected)
    {
        AugmentationOptions options = new();
        RootCommand command = [];
        options.AddTo(command);
        ParseResult parsed = command.Parse(text.Split(' '));
        Assert.AreEqual(0, parsed.Errors.Count);
        Assert.AreEqual(expected, options.Of(parsed));
    }

    [TestMethod]
    public void Losses_heads_and_groups_are_read_with_theirs()
    {
        Assert.AreEqual(new SoftmaxCrossEntropy(0.25f), Read("--loss", "cross-entropy:label-smoothing=0.25").Loss);
        Assert.AreEqual(new FocalLoss(1.5f), Read("--loss", "focal:gamma=1.5").Loss);
        TrainingSettings settings = Read(
            "--head-loss", "aux1*:loss=focal,gamma=1,weight=0.1", "--head-loss", "aux2:weight=0.5",
            "--parameter-group", "conv*:learning-rate-factor=0.1,weight-decay=0", "--parameter-group", "stem:frozen");
        CollectionAssert.AreEqual(
            new HeadLoss[] { new("aux1*") { Loss = new FocalLoss(1), Weight = 0.1f }, new("aux2") { Weight = 0.5f } }, settings.HeadLosses.ToArray());
        CollectionAssert.AreEqual(
            new ParameterGroup[] { new("conv*") { LearningRateFactor = 0.1f, WeightDecay = 0 }, new("stem") { IsFrozen = true } },
            settings.ParameterGroups.ToArray());
    }

    [TestMethod]
    [DataRow("--optimizer sgd:beta1=0.9", "--optimizer: sgd has the settings momentum, nesterov. Received: beta1, in sgd:beta1=0.9.")]
    [DataRow("--optimizer sgd:momentum=much", "momentum is a number, with a decimal point. Received: much, in sgd:momentum=much.")]
    [DataRow("--optimizer sgd:momentum=0,9", "sgd has the settings momentum, nesterov. Received: 9,")]
    [DataRow("--optimizer sgd:momentum=0.9,momentum=0.8", "A setting is given once. Received: momentum twice")]
    [DataRow("--optimizer sgd:nesterov=perhaps", "nesterov is true or false. Received: perhaps")]
    [DataRow("--schedule step", "step wants epochs, such as step:epochs=10. Received: step.")]
    [DataRow("--schedule step:epochs=1.5", "epochs is a whole number. Received: 1.5.")]
    [DataRow("--schedule cosine:", "Settings are written NAME:SETTING=VALUE,SETTING=VALUE. Received: cosine:.")]
    [DataRow("--schedule sine", "It is one of constant, step, exponential, polynomial, cosine, cosine-restarts, one-cycle. Received: sine.")]
    [DataRow("--loss hinge", "It is one of cross-entropy, focal. Received: hinge.")]
    [DataRow("--head-loss aux:loss=hinge", "loss is one of cross-entropy, focal. Received: hinge")]
    [DataRow("--head-loss aux:gamma=2", "aux has the settings loss, weight. Received: gamma, in aux:gamma=2.")]
    [DataRow("--early-stopping soon", "The number of epochs is a whole number. Received: soon.")]
    [DataRow("--early-stopping 3:metric=speed", "metric is one of best, loss, accuracy, validation-loss, validation-accuracy. Received: speed")]
    [DataRow("--mixup -1", "--mixup is a number from 0 to 1000. Received: -1.")]
    public void Other_texts_are_refused_with_what_was_received(string text, string message)
    {
        ParseResult parsed = Command(out _, out _).Parse(text.Split(' '));
        Assert.AreEqual(1, parsed.Errors.Count);
        StringAssert.Contains(parsed.Errors[0].Message, message);
    }

    private static RootCommand Command(out OptimizationOptions options, out LayerwiseOptions layerwise)
    {
        RootCommand command = [];
        options = new OptimizationOptions();
        options.AddTo(command);
        layerwise = new LayerwiseOptions();
        layerwise.AddTo(command);
        new CallbackOptions().AddTo(command);
        return command;
    }

    private static TrainingSettings Read(params string[] arguments)
    {
        ParseResult parsed = Command(out OptimizationOptions options, out LayerwiseOptions layerwise).Parse(arguments);
        Assert.AreEqual(0, parsed.Errors.Count, string.Join(' ', parsed.Errors.Select(error => error.Message)));
        return layerwise.AddTo(new TrainingSettings(Architecture.Get("lenet5"), options.AddTo(new LearningSettings(), parsed)), parsed);
    }
}
