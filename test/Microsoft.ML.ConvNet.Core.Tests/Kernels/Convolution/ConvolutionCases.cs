using Microsoft.ML.ConvNet.Kernels.Convolution;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Convolution;

/// <summary>A convolution's hyperparameters under a name; the output's size is rounded down.</summary>
public sealed record ConvolutionCase(
    string Name, int Height, int Width, int Inputs, int Outputs, int KernelHeight, int KernelWidth)
{
    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int DilationHeight { get; init; } = 1;

    public int DilationWidth { get; init; } = 1;

    public int Top { get; init; }

    public int Left { get; init; }

    public int Bottom { get; init; }

    public int Right { get; init; }

    public int Groups { get; init; } = 1;

    public int Padding
    {
        init => Top = Left = Bottom = Right = value;
    }

    public int Stride
    {
        init => StrideHeight = StrideWidth = value;
    }

    public int Dilation
    {
        init => DilationHeight = DilationWidth = value;
    }

    public override string ToString() => Name;

    internal ConvolutionShape Shape()
    {
        int height = ((Height + Top + Bottom - ((KernelHeight - 1) * DilationHeight) - 1) / StrideHeight) + 1;
        int width = ((Width + Left + Right - ((KernelWidth - 1) * DilationWidth) - 1) / StrideWidth) + 1;
        return new(
            Height, Width, Inputs, height, width, Outputs, KernelHeight, KernelWidth, StrideHeight, StrideWidth,
            DilationHeight, DilationWidth, Top, Left, Groups);
    }
}

/// <summary>Shapes on which every convolution kernel is tested: channel counts that do not fill vectors, odd sizes, all parameters.</summary>
public static class ConvolutionCases
{
    /// <summary>Shapes small enough for numeric derivatives.</summary>
    public static IEnumerable<object[]> Small => Rows(
        new("3x3", 5, 4, 2, 3, 3, 3) { Padding = 1 },
        new("stride 2 dilation 2", 7, 8, 1, 2, 3, 2) { Stride = 2, Dilation = 2, Padding = 1 },
        new("two groups", 4, 5, 4, 6, 2, 3) { Groups = 2, Left = 2, Bottom = 1 },
        new("depthwise", 5, 5, 3, 3, 3, 3) { Groups = 3, Stride = 2, Padding = 1 });

    /// <summary>Ordinary and grouped convolutions.</summary>
    public static IEnumerable<object[]> Dense => Rows(
        new("3x3 same, 16 to 32", 9, 11, 16, 32, 3, 3) { Padding = 1 },
        new("3x3 same, 33 to 17", 7, 7, 33, 17, 3, 3) { Padding = 1 },
        new("3x3 same, 5 to 64", 28, 28, 5, 64, 3, 3) { Padding = 1 },
        new("3x3 valid, 1 to 6", 13, 9, 1, 6, 3, 3),
        new("3x3 valid, 3 to 48", 6, 19, 3, 48, 3, 3),
        new("5x5, 1 to 6", 28, 28, 1, 6, 5, 5) { Padding = 2 },
        new("5x5, 6 to 16", 14, 14, 6, 16, 5, 5),
        new("1x1, 40 to 24", 5, 7, 40, 24, 1, 1),
        new("1x1, 300 to 33", 6, 6, 300, 33, 1, 1),
        new("1x1, 512 to 16, colliding rows", 4, 5, 512, 16, 1, 1),
        new("1x1 stride 2", 9, 8, 17, 33, 1, 1) { Stride = 2 },
        new("1x1 stride 2 with padding", 8, 9, 5, 3, 1, 1) { Stride = 2, Padding = 1 },
        new("12x10 around one pixel, 5 to 19", 1, 1, 5, 19, 12, 10) { Top = 11, Left = 9, Bottom = 11, Right = 9 },
        new("30x40 around 2x3, 3 to 6", 2, 3, 3, 6, 30, 40) { Padding = 25, Right = 50 },
        new("24x26 around 2x2, stride 2, dilation 3", 2, 2, 4, 5, 24, 26) { Stride = 2, Dilation = 3, Padding = 45 },
        new("1x90 around a row of 3, 2 groups", 1, 3, 6, 40, 1, 90) { Left = 89, Right = 89, Groups = 2 },
        new("40x38 from 41x40 to 2x3", 41, 40, 3, 18, 40, 38),
        new("40x38 from 46x40, stride 3 and 2", 46, 40, 4, 5, 40, 38) { StrideHeight = 3, StrideWidth = 2 },
        new("7x7 stride 2", 31, 29, 3, 64, 7, 7) { Stride = 2, Padding = 3 },
        new("3x3 stride 2", 15, 16, 17, 20, 3, 3) { Stride = 2, Padding = 1 },
        new("3x3 stride 3 valid", 17, 16, 5, 8, 3, 3) { Stride = 3 },
        new("2x2 stride 3, gaps in the input", 17, 16, 5, 8, 2, 2) { Stride = 3 },
        new("11x11 stride 4", 39, 43, 3, 10, 11, 11) { Stride = 4, Padding = 2 },
        new("dilation 2", 12, 13, 7, 9, 3, 3) { Dilation = 2, Padding = 2 },
        new("dilation 2 stride 2", 15, 14, 6, 5, 3, 3) { Dilation = 2, Stride = 2, Padding = 2 },
        new("dilation 3 stride 2", 15, 14, 6, 5, 3, 3) { Dilation = 3, Stride = 2, Padding = 3 },
        new("dilation 4 stride 6", 25, 26, 3, 5, 5, 4) { Dilation = 4, Stride = 6, Padding = 3 },
        new("1x5", 6, 20, 9, 12, 1, 5) { Left = 2, Right = 2 },
        new("5x1", 20, 6, 9, 12, 5, 1) { Top = 4 },
        new("asymmetric padding and stride", 11, 17, 4, 7, 4, 3)
        {
            StrideHeight = 1,
            StrideWidth = 2,
            Top = 1,
            Left = 0,
            Bottom = 2,
            Right = 1,
        },
        new("window over the whole input", 5, 5, 16, 120, 5, 5),
        new("padded window wider than the input", 2, 3, 3, 4, 5, 7) { Padding = 3 },
        new("single pixel 3x3", 1, 1, 8, 8, 3, 3) { Padding = 1 },
        new("two pixels 3x3", 2, 2, 160, 40, 3, 3) { Padding = 1 },
        new("3x3 with channel blocks", 6, 5, 290, 34, 3, 3) { Padding = 1 },
        new("wide image", 3, 301, 4, 18, 3, 3) { Padding = 1 },
        new("wide image, one row", 1, 700, 2, 3, 1, 9) { Left = 4, Right = 4 },
        new("two groups", 9, 8, 10, 14, 3, 3) { Groups = 2, Padding = 1 },
        new("four groups stride 2", 9, 8, 32, 64, 3, 3) { Groups = 4, Padding = 1, Stride = 2 },
        new("three groups 1x1", 5, 5, 9, 15, 1, 1) { Groups = 3 },
        new("channel multiplier 2", 7, 6, 5, 10, 3, 3) { Groups = 5, Padding = 1 });

    /// <summary>Convolutions with one filter a channel.</summary>
    public static IEnumerable<object[]> Depthwise => Rows(
        new("3x3, 32 channels", 12, 13, 32, 32, 3, 3) { Groups = 32, Padding = 1 },
        new("3x3, 5 channels", 9, 8, 5, 5, 3, 3) { Groups = 5, Padding = 1 },
        new("3x3 stride 2, 33 channels", 13, 14, 33, 33, 3, 3) { Groups = 33, Padding = 1, Stride = 2 },
        new("5x5 stride 3, 17 channels", 16, 19, 17, 17, 5, 5) { Groups = 17, Padding = 2, Stride = 3 },
        new("3x3 dilation 2, 3 channels", 11, 12, 3, 3, 3, 3) { Groups = 3, Padding = 2, Dilation = 2 },
        new("2x3 stride 2 dilation 3", 17, 18, 20, 20, 2, 3) { Groups = 20, Top = 1, Right = 2, Stride = 2, Dilation = 3 },
        new("1x1, 70 channels", 4, 9, 70, 70, 1, 1) { Groups = 70 },
        new("7x7 on a small image", 3, 4, 6, 6, 7, 7) { Groups = 6, Padding = 3 },
        new("3x3 on one row", 1, 12, 18, 18, 3, 3) { Groups = 18, Padding = 1 },
        new("3x3 on two rows", 2, 11, 7, 7, 3, 3) { Groups = 7, Padding = 1 },
        new("3x3 stride 2 on two rows", 2, 19, 16, 16, 3, 3) { Groups = 16, Padding = 1, Stride = 2 },
        new("3x3 stride 2 without padding", 7, 18, 20, 20, 3, 3) { Groups = 20, Stride = 2 },
        new("3x3 rows dilated", 9, 10, 9, 9, 3, 3) { Groups = 9, Padding = 2, DilationHeight = 2 });

    private static IEnumerable<object[]> Rows(params ConvolutionCase[] cases) => cases.Select(test => new object[] { test });
}
