using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Transfer;

/// <summary>Small pictures of a colour each, of different sizes, as image files and as images.</summary>
internal static class Pictures
{
    public const int Side = 10;

    /// <summary>A network of colours, with random weights: three layers and a classifier of seven classes.</summary>
    public static Network Network { get; } = Network.Input(Side, Side, 3)
        .Conv(6, 3, name: "stem").BatchNorm(name: "stem.bn").Relu(name: "stem.relu").MaxPool(2, name: "pool")
        .Conv(8, 3, name: "body").Relu(name: "features").Dropout(name: "drop")
        .Conv(7, 1, name: "classifier").GlobalAvgPool(name: "mean").Softmax(name: "softmax")
        .ToNetwork("colours");

    public static PretrainedModel Model(ulong seed = 5) => new(
        Network, Weights.Initialize(Network, seed), new PixelNormalization([100, 110, 120], [0.01f, 0.012f, 0.014f]), ChannelOrder.Bgr, "colours");

    /// <summary>Pictures that are red, green or blue above all.</summary>
    public static PictureRow[] Create(int count, int seed = 1)
    {
        Random random = new(seed);
        string[] names = ["red", "green", "blue"];
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                (int height, int width) = (random.Next(6, 25), random.Next(6, 25));
                byte[] rgba = new byte[4 * height * width];
                for (int at = 0; at < rgba.Length; at++)
                {
                    rgba[at] = at % 4 == 3 ? byte.MaxValue : (byte)random.Next(at % 4 == i % 3 ? 90 : 40, at % 4 == i % 3 ? 220 : 180);
                }

                return new PictureRow { File = PngFile.Encode(height, width, rgba), Label = names[i % 3], Number = i };
            }),
        ];
    }

    /// <summary>The rows with a label that is a key, and with images beside their files.</summary>
    public static IDataView Load(MLContext context, IEnumerable<PictureRow> rows)
    {
        IDataView data = context.Data.LoadFromEnumerable(rows);
        return context.Transforms.Conversion.MapValueToKey("Label")
            .Append(context.Transforms.CustomMapping<FileColumn, ImageColumn>(
                (from, to) => to.Image = from.File is { Length: > 0 } file ? MLImage.CreateFromStream(new MemoryStream(file)) : null, null))
            .Fit(data).Transform(data);
    }
}
