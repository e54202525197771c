using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>The size of the microkernels' tiles in the present tier, and the choice of the microkernel for a tile.</summary>
internal static unsafe class BatchLanesTiles
{
    /// <summary>The most output channels of a tile.</summary>
    public const int Channels = 6;

    /// <summary>The most pixels of a tile, or numbers of the input: 4 with 32 registers, 2 with 16.</summary>
    public static readonly int Pixels = SimdTier.Registers / 8;

    /// <summary>Runs the microkernel of the convolution.</summary>
    public static void Run<TSimd, TVector>(BatchLanesTile* tile, int pixels, int channels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        switch (channels)
        {
            case 1:
                Run<TSimd, TVector, One>(tile, pixels);
                break;
            case 2:
                Run<TSimd, TVector, Two>(tile, pixels);
                break;
            case 3:
                Run<TSimd, TVector, Three>(tile, pixels);
                break;
            case 4:
                Run<TSimd, TVector, Four>(tile, pixels);
                break;
            case 5:
                Run<TSimd, TVector, Five>(tile, pixels);
                break;
            case 6:
                Run<TSimd, TVector, Six>(tile, pixels);
                break;
        }
    }

    /// <summary>Runs the microkernel of the weight gradient.</summary>
    public static void Run<TSimd, TVector>(BatchLanesOuterTile* tile, int inputs, int channels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        switch (channels)
        {
            case 1:
                Run<TSimd, TVector, One>(tile, inputs);
                break;
            case 2:
                Run<TSimd, TVector, Two>(tile, inputs);
                break;
            case 3:
                Run<TSimd, TVector, Three>(tile, inputs);
                break;
            case 4:
                Run<TSimd, TVector, Four>(tile, inputs);
                break;
            case 5:
                Run<TSimd, TVector, Five>(tile, inputs);
                break;
            case 6:
                Run<TSimd, TVector, Six>(tile, inputs);
                break;
        }
    }

    private static void Run<TSimd, TVector, TChannels>(BatchLanesTile* tile, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TChannels : struct, ITileCount
    {
        switch (pixels)
        {
            case 1:
                BatchLanesMicrokernel.Run<TSimd, TVector, One, TChannels>(tile);
                break;
            case 2:
                BatchLanesMicrokernel.Run<TSimd, TVector, Two, TChannels>(tile);
                break;
            case 3:
                BatchLanesMicrokernel.Run<TSimd, TVector, Three, TChannels>(tile);
                break;
            case 4:
                BatchLanesMicrokernel.Run<TSimd, TVector, Four, TChannels>(tile);
                break;
        }
    }

    private static void Run<TSimd, TVector, TChannels>(BatchLanesOuterTile* tile, int inputs)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TChannels : struct, ITileCount
    {
        switch (inputs)
        {
            case 1:
                BatchLanesOuterProduct.Run<TSimd, TVector, One, TChannels>(tile);
                break;
            case 2:
                BatchLanesOuterProduct.Run<TSimd, TVector, Two, TChannels>(tile);
                break;
            case 3:
                BatchLanesOuterProduct.Run<TSimd, TVector, Three, TChannels>(tile);
                break;
            case 4:
                BatchLanesOuterProduct.Run<TSimd, TVector, Four, TChannels>(tile);
                break;
        }
    }
}
