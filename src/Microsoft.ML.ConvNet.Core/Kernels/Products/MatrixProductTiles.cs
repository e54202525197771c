using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Products;

/// <summary>The size of the microkernels' tiles in the present tier, and the choice of the microkernel for a tile.</summary>
internal static unsafe class MatrixProductTiles
{
    /// <summary>The most rows of a tile in any tier.</summary>
    public const int MostRows = 14;

    /// <summary>The most rows in each half of a tile.</summary>
    public static int HalfRows => SimdTier.HalfTileRows;

    /// <summary>The most rows of a tile.</summary>
    public static int Rows => 2 * HalfRows;

    /// <summary>Columns of a full panel: two vectors.</summary>
    public static int Columns => 2 * SimdTier.Width;

    /// <summary>Runs the microkernel for a tile of <paramref name="rows"/> rows, the first (rows + 1) / 2 of them in the top half.</summary>
    public static void Run<TSimd, TVector>(MatrixProductTile* tile, int rows, bool isWide)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (isWide)
        {
            RunRows<TSimd, TVector, Two>(tile, rows);
        }
        else
        {
            RunRows<TSimd, TVector, One>(tile, rows);
        }
    }

    /// <summary>Runs the microkernel of the weight gradient for a tile of <paramref name="rows"/> rows.</summary>
    public static void Run<TSimd, TVector>(OuterProductTile* tile, int rows, bool isWide)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (isWide)
        {
            RunRows<TSimd, TVector, Two>(tile, rows);
        }
        else
        {
            RunRows<TSimd, TVector, One>(tile, rows);
        }
    }

    private static void RunRows<TSimd, TVector, TColumns>(MatrixProductTile* tile, int rows)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileCount
    {
        switch (rows)
        {
            case 1:
                MatrixProductMicrokernel.Run<TSimd, TVector, One, Zero, TColumns>(tile);
                break;
            case 2:
                MatrixProductMicrokernel.Run<TSimd, TVector, One, One, TColumns>(tile);
                break;
            case 3:
                MatrixProductMicrokernel.Run<TSimd, TVector, Two, One, TColumns>(tile);
                break;
            case 4:
                MatrixProductMicrokernel.Run<TSimd, TVector, Two, Two, TColumns>(tile);
                break;
            case 5:
                MatrixProductMicrokernel.Run<TSimd, TVector, Three, Two, TColumns>(tile);
                break;
            case 6:
                MatrixProductMicrokernel.Run<TSimd, TVector, Three, Three, TColumns>(tile);
                break;
            case 7:
                MatrixProductMicrokernel.Run<TSimd, TVector, Four, Three, TColumns>(tile);
                break;
            case 8:
                MatrixProductMicrokernel.Run<TSimd, TVector, Four, Four, TColumns>(tile);
                break;
            case 9:
                MatrixProductMicrokernel.Run<TSimd, TVector, Five, Four, TColumns>(tile);
                break;
            case 10:
                MatrixProductMicrokernel.Run<TSimd, TVector, Five, Five, TColumns>(tile);
                break;
            case 11:
                MatrixProductMicrokernel.Run<TSimd, TVector, Six, Five, TColumns>(tile);
                break;
            case 12:
                MatrixProductMicrokernel.Run<TSimd, TVector, Six, Six, TColumns>(tile);
                break;
            case 13:
                MatrixProductMicrokernel.Run<TSimd, TVector, Seven, Six, TColumns>(tile);
                break;
            case 14:
                MatrixProductMicrokernel.Run<TSimd, TVector, Seven, Seven, TColumns>(tile);
                break;
        }
    }

    private static void RunRows<TSimd, TVector, TColumns>(OuterProductTile* tile, int rows)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileCount
    {
        switch (rows)
        {
            case 1:
                OuterProductMicrokernel.Run<TSimd, TVector, One, TColumns>(tile);
                break;
            case 2:
                OuterProductMicrokernel.Run<TSimd, TVector, Two, TColumns>(tile);
                break;
            case 3:
                OuterProductMicrokernel.Run<TSimd, TVector, Three, TColumns>(tile);
                break;
            case 4:
                OuterProductMicrokernel.Run<TSimd, TVector, Four, TColumns>(tile);
                break;
            case 5:
                OuterProductMicrokernel.Run<TSimd, TVector, Five, TColumns>(tile);
                break;
            case 6:
                OuterProductMicrokernel.Run<TSimd, TVector, Six, TColumns>(tile);
                break;
            case 7:
                OuterProductMicrokernel.Run<TSimd, TVector, Seven, TColumns>(tile);
                break;
            case 8:
                OuterProductMicrokernel.Run<TSimd, TVector, Eight, TColumns>(tile);
                break;
            case 9:
                OuterProductMicrokernel.Run<TSimd, TVector, Nine, TColumns>(tile);
                break;
            case 10:
                OuterProductMicrokernel.Run<TSimd, TVector, Ten, TColumns>(tile);
                break;
            case 11:
                OuterProductMicrokernel.Run<TSimd, TVector, Eleven, TColumns>(tile);
                break;
            case 12:
                OuterProductMicrokernel.Run<TSimd, TVector, Twelve, TColumns>(tile);
                break;
            case 13:
                OuterProductMicrokernel.Run<TSimd, TVector, Thirteen, TColumns>(tile);
                break;
            case 14:
                OuterProductMicrokernel.Run<TSimd, TVector, Fourteen, TColumns>(tile);
                break;
        }
    }
}
