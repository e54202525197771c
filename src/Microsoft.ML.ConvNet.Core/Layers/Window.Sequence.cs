using System.Globalization;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <content>Windows over sequences.</content>
internal static partial class Window
{
    /// <summary>The one window over the one row of a sequence that is seen as an image of height 1.</summary>
    public static readonly WindowAxis SingleRow = new(1, 0, 0, 0);

    /// <summary>The windows over a sequence <c>[L, C]</c>.</summary>
    public static WindowAxis FitSequence(
        LayerContext context, int window, int stride, Padding1D padding, int dilation, bool ceiling)
    {
        context.RequireSequence();
        context.RequirePositive(window, "the window");
        context.RequirePositive(stride, "the stride");
        context.RequirePositive(dilation, "the dilation");
        if (padding.Before < 0 || padding.After < 0)
        {
            throw context.Error($"padding is 0 or more at both ends. Received: {padding}.");
        }

        int length = context.Input[0];
        RequireSmall(context, length, window, stride, padding.Before, padding.After, dilation);
        WindowAxis axis = FitAxis(length, window, stride, padding.IsSame, padding.Before, padding.After, dilation, ceiling);
        string dilated = dilation == 1 ? string.Empty : Invariant($" with dilation {dilation}");
        if (axis.Output < 1)
        {
            throw context.Error(
                Invariant($"a window of {window}{dilated} does not fit a sequence of {length} with padding {padding}. ")
                + $"Received input: {context.Input}; use a longer input, a smaller window or more padding.");
        }

        if (axis.Dropped > 0 && context.Strict)
        {
            double exact = ((double)(length + axis.Before + axis.After - ((window - 1) * dilation) - 1) / stride) + 1;
            throw context.Error(string.Create(
                CultureInfo.InvariantCulture,
                $"a window of {window}{dilated} with stride {stride} and padding {padding} does not tile a sequence of {length} evenly "
                + $"({exact:0.##} windows). Received input: {context.Input}; use {Steps(stride - axis.Dropped)} more of padding, or allow flooring."));
        }

        if (axis.Dropped > 0)
        {
            context.Note($"drops {Steps(axis.Dropped)}");
        }

        return axis;
    }

    private static string Steps(int count) => count == 1 ? "1 step" : Invariant($"{count} steps");
}
