namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>A range of positions along an axis.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Start">The first position.</param>
/// <param name="Count">How many.</param>
/// <param name="Step">The step from one to the next; not 0.</param>
internal readonly record struct AxisRange(int Axis, int Start, int Count, int Step)
{
    /// <summary>The range that a slice means: negative places count from the end, and places beyond the ends are the ends.</summary>
    public static AxisRange Of(int axis, long start, long end, long step, int length)
    {
        long From(long place) => place < 0 ? Math.Max(place, -(long)length - 1) + length : place;
        long first = Math.Clamp(From(start), 0, step > 0 ? length : length - 1L);
        long last = Math.Clamp(From(end), step > 0 ? 0 : -1, step > 0 ? length : length - 1L);
        long span = step > 0 ? last - first : first - last;
        long size = step == long.MinValue ? long.MaxValue : Math.Abs(step);
        long count = span <= 0 ? 0 : ((span - 1) / size) + 1;
        return new AxisRange(axis, (int)first, (int)count, count <= 1 ? 1 : (int)step);
    }

    /// <summary>Whether it is the whole axis.</summary>
    public bool IsWhole(int length) => Start == 0 && Count == length && Step == 1;

    /// <summary>The place behind the last position, where one before the first is written as minus the length minus 1.</summary>
    public int EndWithin(int length)
    {
        int end = Step > 0 ? Start + ((Count - 1) * Step) + 1 : Start + ((Count - 1) * Step) - 1;
        return end < 0 ? -length - 1 : end;
    }
}
