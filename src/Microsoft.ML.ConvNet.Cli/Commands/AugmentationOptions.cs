using System.CommandLine;
using Microsoft.ML.ConvNet.Data.Augmentation;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that say what is done at random to images.</summary>
internal sealed class AugmentationOptions
{
    private readonly Option<string> _policy = Policy();
    private readonly Option<bool> _horizontalFlip = new("--horizontal-flip") { Description = "Exchange left and right in every other image." };
    private readonly Option<bool> _verticalFlip = new("--vertical-flip") { Description = "Exchange top and bottom in every other image." };
    private readonly Option<double?> _rotation =
        NumberOptions.Real("--rotation", new RealRange(0, 180), "The greatest turn of an image in either direction, in degrees; by default none.");

    private readonly Option<double?> _shift =
        NumberOptions.Real("--shift", new RealRange(0, 1), "The greatest move of an image in each direction, as a share of its sides; by default none.");

    private readonly Option<double?> _zoom =
        NumberOptions.Real("--zoom", new RealRange(0, 0.9), "By what share an image is made larger or smaller at most; by default none.");

    private readonly Option<double?> _brightness =
        NumberOptions.Real("--brightness", new RealRange(0, 1), "By what share an image is made lighter or darker at most; by default none.");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        command.Add(_policy);
        command.Add(_horizontalFlip);
        command.Add(_verticalFlip);
        command.Add(_rotation);
        command.Add(_shift);
        command.Add(_zoom);
        command.Add(_brightness);
    }

    /// <summary>What they say; null where they say nothing.</summary>
    public ImageAugmentation? Of(ParseResult parsed)
    {
        float shift = Number(parsed, _shift);
        ImageAugmentation augmentation = new()
        {
            HorizontalFlip = parsed.GetValue(_horizontalFlip),
            VerticalFlip = parsed.GetValue(_verticalFlip),
            RotationRange = Number(parsed, _rotation),
            WidthShiftRange = shift,
            HeightShiftRange = shift,
            ZoomRange = AugmentationRange.Around1(Number(parsed, _zoom)),
            BrightnessRange = AugmentationRange.Around1(Number(parsed, _brightness)),
            Policy = parsed.GetValue(_policy) switch
            {
                "rand" => new RandAugment(),
                "trivial" => new TrivialAugment(),
                _ => null,
            },
        };
        return augmentation == new ImageAugmentation() ? null : augmentation;
    }

    private static float Number(ParseResult parsed, Option<double?> option) => (float)(parsed.GetValue(option) ?? 0);

    private static Option<string> Policy()
    {
        Option<string> policy = new("--augment")
        {
            Description = "Change each image by operations drawn from 14, of places and colours: trivial (TrivialAugment, one of any strength) or rand "
                + "(RandAugment, two of middling strength); by default none.",
            HelpName = "POLICY",
        };
        return policy.AcceptOnlyFromAmong("trivial", "rand");
    }
}
