#nullable disable

using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Which colours a vector of pixels holds, and in which order.</summary>
internal readonly record struct ColorPlanes(ColorBits Colors, ColorsOrder Order)
{
    private static readonly (char Letter, ColorBits Color)[] Letters =
        [('A', ColorBits.Alpha), ('R', ColorBits.Red), ('G', ColorBits.Green), ('B', ColorBits.Blue)];

    /// <summary>How many colours there are, 1 to 4.</summary>
    public int Count => Sequence().Length;

    /// <summary>The colours, in order.</summary>
    public ColorBits[] Sequence()
    {
        ColorBits colors = Colors;
        return
        [
            .. Order.ToString()
                .Select(letter => Array.Find(Letters, entry => entry.Letter == letter).Color)
                .Where(color => (color & colors) != 0),
        ];
    }

    public void Check(string parameter)
    {
        if ((Colors & ColorBits.All) == 0)
        {
            throw new ArgumentOutOfRangeException(parameter, $"Need to use at least one color plane. Received: {Colors}");
        }

        if (!Enum.IsDefined(Order))
        {
            throw new ArgumentOutOfRangeException(parameter, $"The order of the colors must be one of ColorsOrder. Received: {Order}");
        }
    }

    public static ColorPlanes Load(ModelLoadContext ctx)
    {
        var colors = (ColorBits)ctx.Reader.ReadByte();
        return new ColorPlanes(colors, (ColorsOrder)ctx.Reader.ReadByte());
    }

    public void Save(ModelSaveContext ctx)
    {
        ctx.Writer.Write((byte)Colors);
        ctx.Writer.Write((byte)Order);
    }
}
