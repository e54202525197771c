using System.Buffers;
using Microsoft.ML.ConvNet.Kernels.Warping;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>An image that is augmented in place.</summary>
/// <param name="pixels">Its values, channels innermost.</param>
/// <param name="shape">Its shape.</param>
/// <param name="isBlueFirst">Whether blue is the first channel of three, rather than red.</param>
internal readonly unsafe ref struct AugmentedImage(Span<float> pixels, Shape shape, bool isBlueFirst)
{
    // What the operations take for white.
    private const float White = 255;

    private readonly Span<float> _pixels = pixels;

    /// <summary>Does what is drawn for a sample and an epoch. An image with values that are not finite stays as it is, for whoever looks for them.</summary>
    public void Apply(ImageAugmentation settings, ulong seed, uint epoch, uint sample)
    {
        if (FiniteNumbers.FirstOther(_pixels) >= 0)
        {
            return;
        }

        AugmentationDraw draw = settings.Draw(shape, seed, epoch, sample);
        AffineMap map = draw.Map();
        if (map != AffineMap.Identity)
        {
            Warp(map, settings);
        }

        bool isScaled = settings.White != White && ChangesValues(settings, draw);
        if (isScaled)
        {
            Scale(White / settings.White);
        }

        ChangeValues(settings, draw, seed, epoch, sample);
        if (isScaled)
        {
            Scale(settings.White / White);
        }
    }

    private static bool ChangesValues(ImageAugmentation settings, in AugmentationDraw draw) =>
        draw.StepCount > 0 || draw.Brightness != 1 || draw.Contrast != 1 || draw.Saturation != 1 || draw.Hue != 0
        || settings.ChannelShiftRange != 0 || settings.GaussianNoise != 0 || draw.Erased != default;

    private void Scale(float factor)
    {
        foreach (ref float value in _pixels)
        {
            value *= factor;
        }
    }

    private void ChangeValues(ImageAugmentation settings, in AugmentationDraw draw, ulong seed, uint epoch, uint sample)
    {
        ChangeColors(draw);
        RandomStream noise = new(seed, RandomPurpose.AugmentationNoise, epoch, sample);
        ShiftChannels(settings.ChannelShiftRange, ref noise);
        AddNoise(settings.GaussianNoise, ref noise);
        if (draw.Erased.Height > 0 && draw.Erased.Width > 0)
        {
            settings.Erasing!.Apply(ref noise, draw.Erased, shape.Width, shape.Channels, _pixels);
        }
    }

    /// <summary>Moves the pixels.</summary>
    public void Warp(in AffineMap map, ImageAugmentation settings)
    {
        int height = shape.Height;
        int width = shape.Width;
        int channels = shape.Channels;
        bool isNearest = settings.Interpolation == Interpolation.Nearest;
        float fill = settings.White == White ? settings.FillValue : settings.FillValue * (settings.White / White);
        float[] rented = ArrayPool<float>.Shared.Rent(_pixels.Length + AffineWarp.ScratchLength(width, channels));
        _pixels.CopyTo(rented);
        fixed (float* x = rented, y = _pixels)
        {
            float* scratch = x + _pixels.Length;
            switch (settings.FillMode)
            {
                case FillMode.Constant:
                    AffineWarp.Run<ConstantBorder>(height, width, channels, map, isNearest, fill, x, y, scratch);
                    break;
                case FillMode.Reflect:
                    AffineWarp.Run<ReflectBorder>(height, width, channels, map, isNearest, fill, x, y, scratch);
                    break;
                case FillMode.Wrap:
                    AffineWarp.Run<WrapBorder>(height, width, channels, map, isNearest, fill, x, y, scratch);
                    break;
                default:
                    AffineWarp.Run<NearestBorder>(height, width, channels, map, isNearest, fill, x, y, scratch);
                    break;
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private void ChangeColors(in AugmentationDraw draw)
    {
        PixelColors colors = new(_pixels, shape.Height, shape.Width, isBlueFirst);
        foreach (PolicyStep step in draw.Steps)
        {
            step.Apply(colors);
        }

        if (draw.Brightness != 1)
        {
            colors.ScaleBrightness(draw.Brightness);
        }

        if (draw.Contrast != 1)
        {
            colors.ScaleContrast(draw.Contrast);
        }

        if (draw.Saturation != 1)
        {
            colors.ScaleSaturation(draw.Saturation);
        }

        if (draw.Hue != 0)
        {
            colors.TurnHue(draw.Hue);
        }
    }

    private void ShiftChannels(float range, ref RandomStream random)
    {
        if (range == 0)
        {
            return;
        }

        for (int channel = 0; channel < shape.Channels; channel++)
        {
            float shift = random.NextSingle(-range, range);
            for (int i = channel; i < _pixels.Length; i += shape.Channels)
            {
                _pixels[i] = PixelColors.Clamp(_pixels[i] + shift);
            }
        }
    }

    private void AddNoise(float deviation, ref RandomStream random)
    {
        if (deviation == 0)
        {
            return;
        }

        foreach (ref float value in _pixels)
        {
            value = PixelColors.Clamp(value + (deviation * random.NextNormal()));
        }
    }
}
