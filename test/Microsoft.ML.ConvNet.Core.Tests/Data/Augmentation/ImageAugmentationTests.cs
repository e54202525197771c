using Microsoft.ML.ConvNet.Core.Tests.Kernels;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data.Augmentation;

/// <summary>What is done to an image: nothing where nothing is set, and what is drawn, always the same for the same numbers.</summary>
[TestClass]
public sealed class ImageAugmentationTests
{
    private static readonly Shape Shape = new(20, 30, 3);

    private static readonly float[] Image = GuardedFloats.Uniform(1, Shape.ElementCount, 0, 255);

    /// <summary>Every setting at work.</summary>
    public static ImageAugmentation All { get; } = new()
    {
        RotationRange = 20,
        WidthShiftRange = 0.1f,
        HeightShiftRange = 0.2f,
        ShearRange = 10,
        ZoomRange = (0.8f, 1.2f),
        HorizontalFlip = true,
        VerticalFlip = true,
        CropPadding = 2,
        ResizedCrop = new RandomResizedCrop(),
        Policy = new RandAugment(),
        BrightnessRange = (0.5f, 1.5f),
        ContrastRange = (0.5f, 1.5f),
        SaturationRange = (0.5f, 1.5f),
        HueRange = 0.2f,
        ChannelShiftRange = 10,
        GaussianNoise = 5,
        Erasing = new RandomErasing(),
    };

    [TestMethod]
    public void Where_nothing_is_set_the_image_stays_as_it_is()
    {
        for (int sample = 0; sample < 50; sample++)
        {
            CollectionAssert.AreEqual(Image, Apply(new ImageAugmentation(), sample: sample));
        }

        float[] wide = [.. Image.Select(value => (value - 100) * 1000)];
        float[] output = new float[wide.Length];
        new ImageAugmentation().Apply(wide, Shape, 0, 0, 0, output);
        CollectionAssert.AreEqual(wide, output);
    }

    [TestMethod]
    public void The_same_seed_epoch_and_sample_give_the_same_and_others_others()
    {
        float[] first = Apply(All, seed: 3, epoch: 4, sample: 5);
        _ = Apply(All, seed: 3, epoch: 4, sample: 6);
        CollectionAssert.AreEqual(first, Apply(All, seed: 3, epoch: 4, sample: 5));
        CollectionAssert.AreNotEqual(first, Apply(All, seed: 4, epoch: 4, sample: 5));
        CollectionAssert.AreNotEqual(first, Apply(All, seed: 3, epoch: 5, sample: 5));
        CollectionAssert.AreNotEqual(first, Apply(All, seed: 3, epoch: 4, sample: 6));
        float[] inPlace = [.. Image];
        All.Apply(inPlace, Shape, 3, 4, 5, inPlace);
        CollectionAssert.AreEqual(first, inPlace);
    }

    [TestMethod]
    public void Half_of_the_images_are_mirrored()
    {
        float[] mirrored = Moved((row, column) => (row, 29 - column));
        float[] turned = Moved((row, column) => (19 - row, column));
        int flipped = 0;
        int upsideDown = 0;
        for (int sample = 0; sample < 1000; sample++)
        {
            float[] horizontal = Apply(new ImageAugmentation { HorizontalFlip = true }, sample: sample);
            float[] vertical = Apply(new ImageAugmentation { VerticalFlip = true }, sample: sample);
            bool isFlipped = horizontal.SequenceEqual(mirrored);
            bool isUpsideDown = vertical.SequenceEqual(turned);
            Assert.IsTrue(isFlipped || horizontal.SequenceEqual(Image));
            Assert.IsTrue(isUpsideDown || vertical.SequenceEqual(Image));
            flipped += isFlipped ? 1 : 0;
            upsideDown += isUpsideDown ? 1 : 0;
        }

        // Four standard deviations of 1000 throws of a coin.
        Assert.AreEqual(500, flipped, 64);
        Assert.AreEqual(500, upsideDown, 64);
    }

    [TestMethod]
    public void A_crop_with_padding_moves_by_whole_pixels_and_fills()
    {
        ImageAugmentation augmentation = new() { CropPadding = 2, FillMode = FillMode.Constant, FillValue = 9 };
        HashSet<(int, int)> moves = [];
        for (int sample = 0; sample < 400; sample++)
        {
            AugmentationDraw draw = augmentation.Draw(Shape, 7, 0, (uint)sample);
            float[] expected = Moved((row, column) => (row - draw.CropDown, column - draw.CropRight), fill: 9);
            CollectionAssert.AreEqual(expected, Apply(augmentation, seed: 7, sample: sample));
            Assert.IsTrue(draw.CropDown is >= -2 and <= 2 && draw.CropRight is >= -2 and <= 2);
            _ = moves.Add((draw.CropDown, draw.CropRight));
        }

        Assert.HasCount(25, moves);
    }

    [TestMethod]
    public void An_erased_rectangle_gets_the_value_and_the_rest_stays()
    {
        ImageAugmentation augmentation = new() { Erasing = new RandomErasing { Probability = 1, Value = 300 } };
        for (int sample = 0; sample < 100; sample++)
        {
            ImageRegion region = augmentation.Draw(Shape, 7, 0, (uint)sample).Erased;
            float[] received = Apply(augmentation, seed: 7, sample: sample);
            for (int i = 0; i < received.Length; i++)
            {
                int row = i / 90;
                int column = i / 3 % 30;
                bool isErased = row >= region.Top && row < region.Top + region.Height && column >= region.Left && column < region.Left + region.Width;
                Assert.AreEqual(isErased ? 300 : Image[i], received[i]);
            }
        }
    }

    [TestMethod]
    public void A_crop_that_is_resized_shows_its_corners_in_the_corners()
    {
        // A ramp of columns: a piece of w of 30 columns from l on shows l - 1/2 + (x + 1/2) w / 30.
        float[] ramp = [.. Enumerable.Range(0, Shape.ElementCount).Select(i => (float)(i / 3 % 30))];
        ImageAugmentation augmentation = new() { ResizedCrop = new RandomResizedCrop { Scale = (0.2f, 0.5f) } };
        float[] output = new float[ramp.Length];
        for (int sample = 0; sample < 100; sample++)
        {
            ImageRegion crop = augmentation.Draw(Shape, 1, 0, (uint)sample).Crop;
            augmentation.Apply(ramp, Shape, 1, 0, sample, output);
            for (int x = 0; x < 30; x++)
            {
                double expected = Math.Clamp(crop.Left - 0.5 + ((x + 0.5) * crop.Width / 30), 0, 29);
                Assert.AreEqual(expected, output[(10 * 90) + (3 * x)], 1e-3);
            }
        }
    }

    [TestMethod]
    public void Noise_has_the_deviation_and_channels_are_shifted_each_by_itself()
    {
        float[] grey = [.. Enumerable.Repeat(128f, Shape.ElementCount)];
        float[] output = new float[grey.Length];
        new ImageAugmentation { GaussianNoise = 10 }.Apply(grey, Shape, 1, 0, 0, output);
        double mean = output.Average(value => (double)value);
        Assert.AreEqual(128, mean, 4 * 10 / Math.Sqrt(1800));
        Assert.AreEqual(10, Math.Sqrt(output.Average(value => (value - mean) * (value - mean))), 4 * 10 / Math.Sqrt(2 * 1800));

        new ImageAugmentation { ChannelShiftRange = 20 }.Apply(grey, Shape, 1, 0, 0, output);
        Assert.HasCount(3, output.Distinct().ToArray());
        Assert.IsTrue(output.All(value => value is >= 108 and <= 148));
        for (int i = 3; i < output.Length; i++)
        {
            Assert.AreEqual(output[i - 3], output[i]);
        }
    }

    [TestMethod]
    public void Values_stay_those_of_pixels()
    {
        for (int sample = 0; sample < 50; sample++)
        {
            Assert.IsTrue(Apply(All, sample: sample).All(value => value is >= 0 and <= 255));
            Assert.IsTrue(Apply(All with { Policy = new TrivialAugment() }, sample: sample).All(value => value is >= 0 and <= 255));
        }
    }

    [TestMethod]
    public void Pixels_from_0_to_1_are_augmented_as_those_from_0_to_255()
    {
        float[] scaled = [.. Image.Select(value => value / 255)];
        ImageAugmentation smooth = All with { FillMode = FillMode.Constant, FillValue = 100, Policy = null, Erasing = new RandomErasing { Value = 200 } };
        float[] output = new float[scaled.Length];
        for (int sample = 0; sample < 20; sample++)
        {
            (smooth with { White = 1 }).Apply(scaled, Shape, 1, 0, sample, output);
            float[] expected = Apply(smooth, seed: 1, sample: sample);
            for (int i = 0; i < output.Length; i++)
            {
                Assert.AreEqual(expected[i] / 255, output[i], 1e-5);
            }
        }

        new ImageAugmentation { White = 1 }.Apply(scaled, Shape, 1, 0, 0, output);
        CollectionAssert.AreEqual(scaled, output);
    }

    [TestMethod]
    public void An_image_with_a_value_that_is_no_number_stays_as_it_is_to_be_found()
    {
        float[] image = [.. Image];
        image[100] = float.NaN;
        float[] output = new float[image.Length];
        All.Apply(image, Shape, 1, 1, 1, output);
        CollectionAssert.AreEqual(image, output);
    }

    [TestMethod]
    public void Images_of_any_number_of_channels_are_moved()
    {
        Shape shape = new(4, 5, 7);
        float[] image = GuardedFloats.Uniform(1, shape.ElementCount, -1, 1);
        float[] output = new float[image.Length];
        new ImageAugmentation { RotationRange = 30, Interpolation = Interpolation.Nearest }.Apply(image, shape, 1, 0, 0, output);
        Assert.IsTrue(output.All(image.Contains));
        CollectionAssert.AreNotEqual(image, output);
    }

    private static float[] Apply(ImageAugmentation augmentation, ulong seed = 0, int epoch = 0, int sample = 0)
    {
        float[] output = new float[Image.Length];
        augmentation.Apply(Image, Shape, seed, epoch, sample, output);
        return output;
    }

    private static float[] Moved(Func<int, int, (int Row, int Column)> from, float fill = 0)
    {
        float[] moved = new float[Image.Length];
        for (int i = 0; i < moved.Length; i++)
        {
            (int row, int column) = from(i / 90, i / 3 % 30);
            moved[i] = row is >= 0 and < 20 && column is >= 0 and < 30 ? Image[(row * 90) + (column * 3) + (i % 3)] : fill;
        }

        return moved;
    }
}
