namespace Microsoft.ML.Transforms.Image.Codecs;

/// <summary>The row filters of PNG (ISO/IEC 15948:2004, clause 9), undone in place.</summary>
internal static class PngRowFilter
{
    /// <param name="filter">The filter type byte of the row.</param>
    /// <param name="row">The filtered bytes of the row.</param>
    /// <param name="above">The bytes of the row above, already unfiltered; zeros for the first row of a pass.</param>
    /// <param name="stride">Bytes to the pixel on the left.</param>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int stride)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = stride; i < row.Length; i++)
                {
                    row[i] += row[i - stride];
                }

                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i >= stride ? row[i - stride] : 0;
                    row[i] += (byte)((left + above[i]) >> 1);
                }

                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += i >= stride ? Paeth(row[i - stride], above[i], above[i - stride]) : above[i];
                }

                break;
            default:
                throw new InvalidDataException($"the PNG has a row with the unknown filter {filter}");
        }
    }

    /// <summary>Which of left, above and upper left is nearest to left + above - upper left.</summary>
    private static byte Paeth(int left, int above, int upperLeft)
    {
        int toLeft = Math.Abs(above - upperLeft);
        int toAbove = Math.Abs(left - upperLeft);
        int toUpperLeft = Math.Abs(left + above - 2 * upperLeft);
        if (toLeft <= toAbove && toLeft <= toUpperLeft)
        {
            return (byte)left;
        }

        return (byte)(toAbove <= toUpperLeft ? above : upperLeft);
    }
}
