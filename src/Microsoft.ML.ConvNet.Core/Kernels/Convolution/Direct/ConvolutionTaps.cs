namespace Microsoft.ML.ConvNet.Kernels.Convolution.Direct;

/// <summary>
/// The taps that a tile's sums run over: all of them at once, or, where most lie in the padding, those within the source, a row of taps
/// after the other, since their weights are no neighbours in the packed ones.
/// </summary>
internal readonly struct ConvolutionTaps
{
    /// <summary>The first row of taps, in the window of the kernel.</summary>
    public int FirstRow { get; private init; }

    /// <summary>Rows of taps.</summary>
    public int Rows { get; private init; }

    /// <summary>The first column of taps.</summary>
    public int FirstColumn { get; private init; }

    /// <summary>Columns of taps; perhaps none.</summary>
    public int Columns { get; private init; }

    /// <summary>The parts that the sums are formed in.</summary>
    public int Parts { get; private init; }

    /// <summary>Which of the parts this is.</summary>
    public int Part { get; private init; }

    /// <summary>The taps of a tile.</summary>
    public static unsafe ConvolutionTaps Of(ConvolutionPass* pass, in ConvolutionTile tile)
    {
        ConvolutionGeometry g = pass->Geometry;
        if (!pass->ClipsTaps)
        {
            return new ConvolutionTaps { Rows = g.Rows.Taps, Columns = g.Rows.Taps == 0 ? 0 : g.Columns.Taps, Parts = 1 };
        }

        (int firstRow, int rows) = g.Rows.TapsInside(tile.Row, tile.Rows);
        (int firstColumn, int columns) = g.Columns.TapsInside(tile.Column, tile.Columns);
        bool isEmpty = rows == 0 || columns == 0;
        return new ConvolutionTaps
        {
            FirstRow = isEmpty ? 0 : firstRow,
            Rows = isEmpty ? 0 : rows,
            FirstColumn = isEmpty ? 0 : firstColumn,
            Columns = isEmpty ? 0 : columns,
            Parts = isEmpty ? 1 : rows,
        };
    }

    /// <summary>The first part.</summary>
    public ConvolutionTaps FirstPart => Parts == 1 ? this : this with { Rows = 1 };

    /// <summary>The part behind this one.</summary>
    public ConvolutionTaps NextPart => this with { FirstRow = FirstRow + 1, Part = Part + 1 };

    /// <summary>A pass that reads only these taps: what a window is gathered for.</summary>
    public unsafe ConvolutionPass Of(ConvolutionPass* pass)
    {
        ConvolutionPass part = *pass;
        if (pass->ClipsTaps)
        {
            part.Geometry = pass->Geometry with
            {
                Rows = pass->Geometry.Rows.WithTaps(FirstRow, Rows),
                Columns = pass->Geometry.Columns.WithTaps(FirstColumn, Columns),
            };
        }

        return part;
    }
}
