using System.Runtime.CompilerServices;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>Where a tile of outputs lies: tiles are counted through columns, then rows, then images.</summary>
internal struct WinogradTilePlace
{
    /// <summary>The image.</summary>
    public int Image;

    /// <summary>The first row of outputs.</summary>
    public int Row;

    /// <summary>The first column of outputs.</summary>
    public int Column;

    /// <summary>The place of a tile.</summary>
    public static unsafe WinogradTilePlace Of(WinogradPass* pass, int index)
    {
        int across = pass->TilesAcross;
        int down = pass->TilesDown;
        return new WinogradTilePlace
        {
            Image = index / across / down,
            Row = index / across % down * pass->TileOutputs,
            Column = index % across * pass->TileOutputs,
        };
    }

    /// <summary>Goes to the next tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Advance(WinogradPass* pass)
    {
        Column += pass->TileOutputs;
        if (Column >= pass->Shape.OutputWidth)
        {
            Column = 0;
            Row += pass->TileOutputs;
            if (Row >= pass->Shape.OutputHeight)
            {
                Row = 0;
                Image++;
            }
        }
    }
}
