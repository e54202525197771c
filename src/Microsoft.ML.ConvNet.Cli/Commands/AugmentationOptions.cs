using System.CommandLine;
using Microsoft.ML.ConvNet.Data.Augmentation;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that say what is done at random to images.</summary>
internal sealed class AugmentationOptions
{
    private static readonly Dictionary<string, Func<SettingText, AugmentationPolicy>> Policies = new()
    {
        ["trivial"] = _ => new TrivialAugment(),
        ["rand"] = text => new RandAugment
        {
            Operations = text.Integer("operations", new RandAugment().Operations),
            Magnitude = text.Integer("magnitude", new RandAugment().Magnitude),
        },
    };

    private readonly Option<string> _fillMode = Words<FillMode>(
        "--fill-mode",
        "MODE",
        "What stands for pixels outside of an image that was moved: nearest, the default, constant (--fill-value), reflect or wrap.");

    private readonly Option<double?> _fillValue = NumberOptions.Real(
        "--fill-value", new RealRange(0, 255), "The value of every channel outside of the image with --fill-mode constant, from 0 to 255; by default 0.");

    private readonly Option<string> _interpolation = Words<Interpolation>(
        "--interpolation", "KIND", "How values between pixels are made where an image is moved: bilinear, the default, or nearest.");

    /// <summary>What may be done, in the order in which the help has it.</summary>
    private readonly Change[] _changes =
    [
        Flag("--horizontal-flip", "Exchange left and right in every other image.", a => a with { HorizontalFlip = true }),
        Flag("--vertical-flip", "Exchange top and bottom in every other image.", a => a with { VerticalFlip = true }),
        Number(
            "--rotation", new RealRange(0, 180), "The greatest turn of an image in either direction, in degrees; by default none.",
            (a, value) => a with { RotationRange = value }),
        Number(
            "--shift", new RealRange(0, 1), "The greatest move of an image in each direction, as a share of its sides; by default none.",
            (a, value) => a with { WidthShiftRange = value, HeightShiftRange = value }),
        Number(
            "--shear", new RealRange(0, 80), "The greatest slant of upright lines in either direction, in degrees; by default none.",
            (a, value) => a with { ShearRange = value }),
        Number(
            "--zoom", new RealRange(0, 0.9), "By what share an image is made larger or smaller at most; by default none.",
            (a, value) => a with { ZoomRange = AugmentationRange.Around1(value) }),
        Whole(
            "--crop-padding", 4096, "Put so many pixels around an image, and cut one of its size out of that at random, such as 4; by default none.",
            (a, value) => a with { CropPadding = value }),
        Number(
            "--resized-crop", new RealRange(0.01, 1), "Bring a random piece, of at least this share of its area, to the size of the image, such as 0.08; by default not.",
            (a, value) => a with { ResizedCrop = new RandomResizedCrop { Scale = (value, 1) } }),
        Number(
            "--brightness", new RealRange(0, 1), "By what share an image is made lighter or darker at most; by default none.",
            (a, value) => a with { BrightnessRange = AugmentationRange.Around1(value) }),
        Number(
            "--contrast", new RealRange(0, 1), "By what share the contrast is made larger or smaller at most; by default none.",
            (a, value) => a with { ContrastRange = AugmentationRange.Around1(value) }),
        Number(
            "--saturation", new RealRange(0, 1), "By what share colours are made stronger or paler at most; by default none.",
            (a, value) => a with { SaturationRange = AugmentationRange.Around1(value) }),
        Number(
            "--hue", new RealRange(0, 0.5), "The greatest turn of the hue in either direction, as a share of the colour circle; by default none.",
            (a, value) => a with { HueRange = value }),
        Number(
            "--channel-shift", new RealRange(0, 255), "The most that is added to, or taken from, each channel by itself, of 255; by default none.",
            (a, value) => a with { ChannelShiftRange = value }),
        Number(
            "--noise", new RealRange(0, 255), "The standard deviation of normal noise that is added to every value, of 255; by default none.",
            (a, value) => a with { GaussianNoise = value }),
        Number(
            "--erasing", new RealRange(0, 1), "How likely it is that a random rectangle of an image is put out, such as 0.5; by default never.",
            (a, value) => value == 0 ? a : a with { Erasing = new RandomErasing { Probability = value } }),
        Policy(),
    ];

    /// <summary>The options' names, for a message.</summary>
    public string Names => string.Join(", ", _changes.Select(change => change.Option.Name));

    /// <summary>Adds them to a command.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        foreach (Option option in _changes.Select(change => change.Option).Concat([_fillMode, _fillValue, _interpolation]))
        {
            command.Add(option);
        }
    }

    /// <summary>What they say; null where they say nothing.</summary>
    /// <exception cref="CommandException">One says how images are moved, and none moves them.</exception>
    public ImageAugmentation? Of(ParseResult parsed)
    {
        ImageAugmentation common = Common(parsed);
        ImageAugmentation augmentation = _changes.Aggregate(common, (sum, change) => change.Add(parsed, sum));
        if (augmentation != common)
        {
            return augmentation;
        }

        Option? alone = new Option[] { _fillMode, _fillValue, _interpolation }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
        return alone is null ? null : throw new CommandException(
            $"{alone.Name} says how images are moved or changed by one of {Names}. Received: {TextOf(parsed, alone)}, and none of these.");
    }

    /// <summary>Each option that changes something, by itself, as it was written.</summary>
    public IReadOnlyList<(string Text, ImageAugmentation Augmentation)> Each(ParseResult parsed)
    {
        ImageAugmentation common = Common(parsed);
        return
        [
            .. _changes
                .Select(change => (Text: TextOf(parsed, change.Option), Augmentation: change.Add(parsed, common)))
                .Where(change => change.Augmentation != common),
        ];
    }

    private static string TextOf(ParseResult parsed, Option option) =>
        string.Join(' ', (parsed.GetResult(option)?.Tokens ?? []).Select(token => token.Value).Prepend(option.Name));

    private static Change Flag(string name, string description, Func<ImageAugmentation, ImageAugmentation> add)
    {
        Option<bool> option = new(name) { Description = description };
        return new Change(option, (parsed, sum) => parsed.GetValue(option) ? add(sum) : sum);
    }

    private static Change Number(string name, RealRange range, string description, Func<ImageAugmentation, float, ImageAugmentation> add)
    {
        Option<double?> option = NumberOptions.Real(name, range, description);
        return new Change(option, (parsed, sum) => parsed.GetValue(option) is { } value ? add(sum, (float)value) : sum);
    }

    private static Change Whole(string name, int maximum, string description, Func<ImageAugmentation, int, ImageAugmentation> add)
    {
        Option<int?> option = NumberOptions.Integer(name, 0, maximum, description);
        return new Change(option, (parsed, sum) => parsed.GetValue(option) is { } value ? add(sum, value) : sum);
    }

    private static Change Policy()
    {
        Option<AugmentationPolicy?> option = SettingText.Option(
            "--augment",
            "POLICY[:SETTING=VALUE,...]",
            "Change each image by operations drawn from 14, of places and colours: trivial (TrivialAugment, one of any strength) or rand (RandAugment, two of "
            + "middling strength; rand:operations=2,magnitude=9 of 30); by default none.",
            text => text.Kind(Policies));
        return new Change(option, (parsed, sum) => parsed.GetValue(option) is { } policy ? sum with { Policy = policy } : sum);
    }

    private static Option<string> Words<T>(string name, string form, string description)
        where T : struct, Enum
    {
        Option<string> option = new(name) { Description = description, HelpName = form };
#pragma warning disable CA1308 // Options are written in small letters.
        return option.AcceptOnlyFromAmong([.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())]);
#pragma warning restore CA1308
    }

    private ImageAugmentation Common(ParseResult parsed) => new()
    {
        FillMode = parsed.GetValue(_fillMode) is { } mode ? Enum.Parse<FillMode>(mode, ignoreCase: true) : default,
        FillValue = (float)(parsed.GetValue(_fillValue) ?? 0),
        Interpolation = parsed.GetValue(_interpolation) is { } kind ? Enum.Parse<Interpolation>(kind, ignoreCase: true) : default,
    };

    /// <summary>An option, and what it adds to an augmentation where it is given.</summary>
    private sealed record Change(Option Option, Func<ParseResult, ImageAugmentation, ImageAugmentation> Add);
}
