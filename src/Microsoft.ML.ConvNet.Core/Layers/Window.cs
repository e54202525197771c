using System.Globalization;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The rule of sliding windows: a window of size F at stride S over N elements with P of padding gives
/// (N + P - ((F - 1) D + 1)) / S + 1 outputs, D being the dilation. What is left of the division is dropped and noted, or is an
/// error in a strict network.
/// </summary>
internal static partial class Window
{
    /// <summary>The longest padded input, window and stride along an axis: positions then fit an int with room to spare.</summary>
    private const long MaximumExtent = 1 << 29;

    /// <summary>The windows over the height and the width of an image.</summary>
    public static (WindowAxis Vertical, WindowAxis Horizontal) Fit(
        LayerContext context, Size2D window, Size2D stride, Padding padding, Size2D dilation, bool ceiling)
    {
        context.RequireImage();
        context.RequirePositive(window, "window");
        context.RequirePositive(stride, "stride");
        context.RequirePositive(dilation, "dilation");
        if (padding.Top < 0 || padding.Bottom < 0 || padding.Left < 0 || padding.Right < 0)
        {
            throw context.Error($"padding is 0 or more on every side. Received: {padding}.");
        }

        RequireSmall(context, context.Input.Height, window.Height, stride.Height, padding.Top, padding.Bottom, dilation.Height);
        RequireSmall(context, context.Input.Width, window.Width, stride.Width, padding.Left, padding.Right, dilation.Width);
        WindowAxis vertical = FitAxis(
            context.Input.Height, window.Height, stride.Height, padding.IsSame, padding.Top, padding.Bottom, dilation.Height, ceiling);
        WindowAxis horizontal = FitAxis(
            context.Input.Width, window.Width, stride.Width, padding.IsSame, padding.Left, padding.Right, dilation.Width, ceiling);
        if (vertical.Output < 1 || horizontal.Output < 1)
        {
            string dilated = dilation == 1 ? string.Empty : $" with dilation {dilation}";
            throw context.Error(
                Invariant($"a {window} window{dilated} does not fit a {context.Input.Height}x{context.Input.Width} input with padding {padding}. ")
                + $"Received input: {context.Input}; use a larger input, a smaller window or more padding.");
        }

        if (vertical.Dropped > 0 || horizontal.Dropped > 0)
        {
            Uneven(context, window, stride, padding, dilation, vertical, horizontal);
        }

        return (vertical, horizontal);
    }

    private static void RequireSmall(LayerContext context, int input, int window, int stride, int before, int after, int dilation)
    {
        long extent = ((long)(window - 1) * dilation) + 1;
        long padded = input + (long)before + after;
        if (Math.Max(Math.Max(extent, padded), stride) > MaximumExtent)
        {
            throw context.Error(
                Invariant($"the padded input, the window and the stride are at most {MaximumExtent:N0} long. ")
                + Invariant($"Received: input {padded:N0}, window {extent:N0}, stride {stride:N0}."));
        }
    }

    private static WindowAxis FitAxis(
        int input, int window, int stride, bool same, int before, int after, int dilation, bool ceiling)
    {
        long extent = ((long)(window - 1) * dilation) + 1;
        if (same)
        {
            int outputs = (input + stride - 1) / stride;
            long total = Math.Max(((long)(outputs - 1) * stride) + extent - input, 0);
            return new WindowAxis(outputs, (int)(total / 2), (int)(total - (total / 2)), 0);
        }

        long room = input + (long)before + after - extent;
        if (room < 0)
        {
            return new WindowAxis(0, before, after, 0);
        }

        long output = (room / stride) + 1;
        long dropped = room % stride;
        if (ceiling && dropped > 0 && output * stride < input + (long)before)
        {
            output++;
            dropped = 0;
        }

        return new WindowAxis((int)output, before, after, (int)dropped);
    }

    private static void Uneven(
        LayerContext context, Size2D window, Size2D stride, Padding padding, Size2D dilation, WindowAxis vertical, WindowAxis horizontal)
    {
        bool isVertical = vertical.Dropped > 0;
        WindowAxis axis = isVertical ? vertical : horizontal;
        int input = isVertical ? context.Input.Height : context.Input.Width;
        int step = isVertical ? stride.Height : stride.Width;
        int extent = isVertical ? ((window.Height - 1) * dilation.Height) + 1 : ((window.Width - 1) * dilation.Width) + 1;
        int padded = axis.Before + axis.After;
        if (context.Strict)
        {
            string steps = stride.Height == stride.Width ? stride.Height.ToString(CultureInfo.InvariantCulture) : stride.ToString();
            string dilated = dilation == 1 ? string.Empty : $", dilation {dilation}";
            string surrounded = padding == default ? "no padding" : $"padding {padding}";
            string sum = padded == 0 ? Invariant($"({input} - {extent})") : Invariant($"({input} + {padded} - {extent})");
            double exact = ((double)(input + padded - extent) / step) + 1;
            throw context.Error(string.Create(
                CultureInfo.InvariantCulture,
                $"a {window} window with stride {steps}{dilated} and {surrounded} does not tile a "
                + $"{context.Input.Height}x{context.Input.Width} input evenly ({sum} / {step} + 1 = {exact:0.##}). "
                + $"Received input: {context.Input}; use {Amount(step - axis.Dropped, isVertical)} more of padding, or allow flooring."));
        }

        context.Note($"drops {Amount(vertical.Dropped, true)} and {Amount(horizontal.Dropped, false)}");
    }

    private static string Amount(int count, bool isVertical) => (count, isVertical) switch
    {
        (1, true) => "1 row",
        (1, false) => "1 column",
        (_, true) => Invariant($"{count} rows"),
        _ => Invariant($"{count} columns"),
    };
}
