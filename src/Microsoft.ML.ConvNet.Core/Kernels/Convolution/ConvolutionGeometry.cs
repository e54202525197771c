using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution;

/// <summary>
/// A grouped convolution as a gather over two axes: the forward convolution, or one phase of the data gradient, whose
/// source is the output gradient. It fixes the order in which packed weights lie and sums are formed.
/// </summary>
/// <param name="Rows">The vertical axis.</param>
/// <param name="Columns">The horizontal axis.</param>
/// <param name="Groups">Groups of channels.</param>
/// <param name="Channels">Source channels of a group: the reduction runs over taps and channels.</param>
/// <param name="OutputChannels">Result channels of a group.</param>
internal readonly record struct ConvolutionGeometry(
    ConvolutionAxis Rows, ConvolutionAxis Columns, int Groups, int Channels, int OutputChannels)
{
    // Length of the reduction between two visits of a result: with panels of 32 columns the weights of a block are 147 KB, which
    // stay in the second-level cache while all tiles of a task pass by, beside a window of 256 KB.
    private const int BlockReduction = 1152;
    private const int MostBlockChannels = 512;
    private const int BlockGranularity = 16;

    // Such as a window of 8x8 and more around an image of one pixel.
    private const long PaddingShare = 64;

    /// <summary>The forward convolution.</summary>
    public static ConvolutionGeometry Forward(in ConvolutionShape s) => new(
        ConvolutionAxis.Forward(s.InputHeight, s.OutputHeight, s.KernelHeight, s.StrideHeight, s.DilationHeight, s.PaddingTop),
        ConvolutionAxis.Forward(s.InputWidth, s.OutputWidth, s.KernelWidth, s.StrideWidth, s.DilationWidth, s.PaddingLeft),
        s.Groups,
        s.GroupInputChannels,
        s.GroupOutputChannels);

    /// <summary>The data gradient at the input positions of one phase of <see cref="Phases"/>.</summary>
    public static ConvolutionGeometry Gradient(in ConvolutionShape s, int phase)
    {
        int phaseRow = phase / s.StrideWidth;
        int phaseColumn = phase % s.StrideWidth;
        return new(
            ConvolutionAxis.Gradient(
                s.InputHeight, s.OutputHeight, s.KernelHeight, s.StrideHeight, s.DilationHeight, s.PaddingTop, phaseRow),
            ConvolutionAxis.Gradient(
                s.InputWidth, s.OutputWidth, s.KernelWidth, s.StrideWidth, s.DilationWidth, s.PaddingLeft, phaseColumn),
            s.Groups,
            s.GroupOutputChannels,
            s.GroupInputChannels);
    }

    /// <summary>The number of phases of the data gradient: one for each position within a stride.</summary>
    public static int Phases(in ConvolutionShape s) => s.StrideHeight * s.StrideWidth;

    /// <summary>Whether of all taps of a result so few lie within the source that the others are better left out, tile by tile.</summary>
    public bool IsMostlyPadding =>
        Taps > 0 && (long)Rows.Taps * Columns.Taps >= PaddingShare * Rows.MostTapsInside * Columns.MostTapsInside;

    /// <summary>Taps of the window.</summary>
    public int Taps => Rows.Taps * Columns.Taps;

    /// <summary>Length of the reduction.</summary>
    public nint Reduction => (nint)Taps * Channels;

    /// <summary>Every channel has its own filter, and nothing is summed over channels.</summary>
    public bool IsDepthwise => Groups > 1 && Channels == 1 && OutputChannels == 1;

    /// <summary>Whether the convolution is a product of a matrix of pixels with the weights.</summary>
    public bool IsPointwise => Rows.IsIdentity && Columns.IsIdentity;

    /// <summary>
    /// Channels of a block. The reduction runs over blocks, in a block over rows of taps, then columns of taps, then channels.
    /// </summary>
    public int ChannelBlock
    {
        get
        {
            int most = Math.Clamp(BlockReduction / Math.Max(Taps, 1), BlockGranularity, MostBlockChannels);
            int blocks = Rounding.DivideUp(Channels, most);
            int even = Rounding.DivideUp(Channels, blocks);
            return blocks == 1 ? Channels : Rounding.RoundUp(even, BlockGranularity);
        }
    }

    /// <summary>Panels of columns into which a group's output channels are divided.</summary>
    public int Panels => Rounding.DivideUp(OutputChannels, MatrixProductTiles.Columns);

    /// <summary>Columns that the last panel holds: one vector if that is enough, else two.</summary>
    public int LastPanelColumns
    {
        get
        {
            int left = OutputChannels - ((Panels - 1) * MatrixProductTiles.Columns);
            return left <= MatrixProductTiles.Columns / 2 ? MatrixProductTiles.Columns / 2 : MatrixProductTiles.Columns;
        }
    }

    /// <summary>Floats of a group's packed weights: a panel after the other, each with all of the reduction.</summary>
    public nint PackedGroupLength => Reduction * (((Panels - 1) * MatrixProductTiles.Columns) + LastPanelColumns);

    /// <summary>Columns that a panel holds.</summary>
    public int PanelColumns(int panel) => panel == Panels - 1 ? LastPanelColumns : MatrixProductTiles.Columns;

    /// <summary>The first output channel of a panel.</summary>
    public static int FirstOutput(int panel) => panel * MatrixProductTiles.Columns;

    /// <summary>Output channels of a panel: fewer than its columns where they do not fill it.</summary>
    public int PanelOutputs(int panel) => Math.Min(PanelColumns(panel), OutputChannels - FirstOutput(panel));

    /// <summary>Where a panel starts in its group's packed weights.</summary>
    public nint PanelStart(int panel) => panel * Reduction * MatrixProductTiles.Columns;
}
