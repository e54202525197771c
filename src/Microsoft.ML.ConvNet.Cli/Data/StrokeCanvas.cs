using System.Numerics;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>A square image on which strokes are drawn by each pixel's distance to them, so that their edges are smooth.</summary>
internal readonly ref struct StrokeCanvas(Span<float> pixels, int size)
{
    /// <summary>The height and width in pixels.</summary>
    public int Size => size;

    /// <summary>The pixels, row by row.</summary>
    public Span<float> Pixels { get; } = pixels;

    /// <summary>
    /// Draws a straight piece with round ends. A pixel gets <paramref name="ink"/> within the radius, nothing beyond the radius and the
    /// width of the edge, and a linear share between; what is there already stays where it is more.
    /// </summary>
    /// <param name="from">One end, in pixels; the centre of the first pixel is (0, 0).</param>
    /// <param name="to">The other end.</param>
    /// <param name="radius">Half the thickness in pixels, without the edge.</param>
    /// <param name="edge">The width of the edge in pixels.</param>
    /// <param name="ink">What a pixel that is covered gets.</param>
    public void DrawSegment(Vector2 from, Vector2 to, float radius, float edge, float ink)
    {
        float reach = radius + edge;
        int left = Math.Max(0, (int)MathF.Ceiling(MathF.Min(from.X, to.X) - reach));
        int right = Math.Min(size - 1, (int)MathF.Floor(MathF.Max(from.X, to.X) + reach));
        int top = Math.Max(0, (int)MathF.Ceiling(MathF.Min(from.Y, to.Y) - reach));
        int bottom = Math.Min(size - 1, (int)MathF.Floor(MathF.Max(from.Y, to.Y) + reach));
        Vector2 along = to - from;
        float scale = 1f / MathF.Max(along.LengthSquared(), 1e-12f);
        float perEdge = ink / edge;
        for (int y = top; y <= bottom; y++)
        {
            Span<float> row = Pixels.Slice(y * size, size);
            for (int x = left; x <= right; x++)
            {
                float dx = x - from.X;
                float dy = y - from.Y;
                float share = Math.Clamp(((dx * along.X) + (dy * along.Y)) * scale, 0f, 1f);
                dx -= share * along.X;
                dy -= share * along.Y;
                float squared = (dx * dx) + (dy * dy);
                if (squared < reach * reach)
                {
                    float value = MathF.Min(ink, (reach - MathF.Sqrt(squared)) * perEdge);
                    row[x] = MathF.Max(row[x], value);
                }
            }
        }
    }
}
