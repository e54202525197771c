namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>Grey images of 8x8 with a bright bar on a noisy ground: lying, standing or slanted. The bar tells the class.</summary>
internal static class BarImages
{
    public const int Side = 8;

    public static readonly string[] Classes = ["lying", "standing", "slanted"];

    public static BarRow[] Create(int count, int seed = 1)
    {
        // A fixed seed: the same images on every machine.
        Random random = new(seed);
        BarRow[] rows = new BarRow[count];
        for (int i = 0; i < count; i++)
        {
            int kind = i % Classes.Length;
            rows[i] = new BarRow { Features = Draw(kind, random), Label = Classes[kind], Number = i };
        }

        return rows;
    }

    private static float[] Draw(int kind, Random random)
    {
        float[] pixels = new float[Side * Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = random.Next(60);
        }

        int place = random.Next(1, Side - 1);
        for (int i = 0; i < Side; i++)
        {
            int at = kind switch
            {
                0 => (place * Side) + i,
                1 => (i * Side) + place,
                _ => (i * Side) + ((i + place) % Side),
            };
            pixels[at] = 180 + random.Next(70);
        }

        return pixels;
    }
}
