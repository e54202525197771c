using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// How the axes of a tensor of ONNX lie in the memory of a sample: a sequence of factors, outermost first. [N, C, H, W] kept as the network
/// keeps images is H, W, C. To transpose renames the axes; to flatten or to split an axis regroups factors: neither moves a number. A
/// channel shuffle is such a layout in which the factors of one axis stand in the other order, until an operator needs them otherwise.
/// Axes of extent 1 have no factor, and the batch, which no sample has, neither.
/// </summary>
internal sealed class AxisLayout
{
    private AxisLayout(IEnumerable<AxisFactor> factors) => Factors = [.. factors];

    /// <summary>The factors, outermost first.</summary>
    public IReadOnlyList<AxisFactor> Factors { get; }

    /// <summary>The extents of the factors, or 1 where there is none.</summary>
    public int[] Extents => Factors.Count == 0 ? [1] : [.. Factors.Select(factor => factor.Extent)];

    /// <summary>The axes with more than one step, by the place of their first factor.</summary>
    public IReadOnlyList<int> AxisOrder => [.. Factors.Select(factor => factor.Axis).Distinct()];

    /// <summary>The layout in which each axis is whole, in a given order.</summary>
    public static AxisLayout Of(IReadOnlyList<int> dimensions, IEnumerable<int> order) =>
        new(order.Where(axis => dimensions[axis] > 1).Select(axis => new AxisFactor(axis, 0, dimensions[axis])));

    /// <summary>The factors of an axis, the most significant first.</summary>
    public IReadOnlyList<AxisFactor> FactorsOf(int axis) =>
        [.. Factors.Where(factor => factor.Axis == axis).OrderBy(factor => factor.Rank)];

    /// <summary>Whether an axis lies in one piece.</summary>
    public bool IsWhole(int axis) => Joined().Factors.Count(factor => factor.Axis == axis) <= 1;

    /// <summary>The same memory under other axes: axis i of the result is axis <c>axes[i]</c> of this.</summary>
    public AxisLayout Renamed(IReadOnlyList<int> axes)
    {
        Dictionary<int, int> names = [];
        for (int i = 0; i < axes.Count; i++)
        {
            if (axes[i] >= 0)
            {
                names[axes[i]] = i;
            }
        }

        return new AxisLayout(Factors.Select(factor => factor with { Axis = names[factor.Axis] }));
    }

    /// <summary>The layout in which the factors stand in another order.</summary>
    /// <param name="places">The place in this layout of each factor of the result.</param>
    public AxisLayout Reordered(IEnumerable<int> places) => new(places.Select(place => Factors[place]));

    /// <summary>The layout without some factors.</summary>
    public AxisLayout Without(Func<AxisFactor, bool> isDropped) => new(Factors.Where(factor => !isDropped(factor)));

    /// <summary>The layout with whole axes put outermost.</summary>
    public AxisLayout WithOutermost(IEnumerable<(int Axis, int Extent)> axes) =>
        new([.. axes.Where(axis => axis.Extent > 1).Select(axis => new AxisFactor(axis.Axis, 0, axis.Extent)), .. Factors]);

    /// <summary>The same layout with neighbouring factors of an axis joined.</summary>
    public AxisLayout Joined()
    {
        List<AxisFactor> joined = [];
        foreach (AxisFactor factor in Factors)
        {
            if (joined.Count > 0 && joined[^1].Axis == factor.Axis && FollowsInAxis(joined[^1], factor))
            {
                joined[^1] = joined[^1] with { Extent = joined[^1].Extent * factor.Extent, Rank = factor.Rank };
            }
            else
            {
                joined.Add(factor);
            }
        }

        return new AxisLayout(joined);
    }

    /// <summary>The same layout in which the axes are divided as another layout divides them; null where the factors do not fit.</summary>
    public AxisLayout? DividedAs(AxisLayout other)
    {
        List<AxisFactor> divided = [];
        foreach (AxisFactor factor in Joined().Factors)
        {
            IReadOnlyList<AxisFactor> wanted = other.FactorsOf(factor.Axis);
            IReadOnlyList<AxisFactor> own = Joined().FactorsOf(factor.Axis);
            if (own.Count == 1 && wanted.Count > 0)
            {
                divided.AddRange(wanted);
            }
            else if (own.Count == wanted.Count && own.Zip(wanted).All(pair => pair.First.Extent == pair.Second.Extent))
            {
                int index = own.ToList().IndexOf(factor);
                divided.Add(wanted[index]);
            }
            else
            {
                return null;
            }
        }

        return new AxisLayout(divided);
    }

    /// <summary>
    /// The layout of the same memory when the axes from <paramref name="firstAxis"/> on get other dimensions; null where it has none, for
    /// neighbouring axes are joined that do not lie side by side and then divided otherwise.
    /// </summary>
    public AxisLayout? Reshaped(IReadOnlyList<int> dimensions, int firstAxis) =>
        AxisRegrouping.Reshape(Factors, dimensions, firstAxis) is { } factors
        ? new AxisLayout(factors)
        : null;

    /// <summary>For each place in memory the place of the same element in row-major order of the axes.</summary>
    public int[] LogicalPlaces()
    {
        int count = Factors.Aggregate(1, (product, factor) => product * factor.Extent);
        int[] strides = LogicalStrides();
        int[] extents = [.. Factors.Select(factor => factor.Extent)];
        return StridedPlaces.Of(extents, strides, count);
    }

    /// <summary>The distance between steps of each factor in row-major order of the axes.</summary>
    private int[] LogicalStrides()
    {
        int[] strides = new int[Factors.Count];
        int stride = 1;
        IEnumerable<int> innermostFirst = Enumerable.Range(0, Factors.Count)
            .OrderByDescending(place => Factors[place].Axis)
            .ThenByDescending(place => Factors[place].Rank);
        foreach (int place in innermostFirst)
        {
            strides[place] = stride;
            stride *= Factors[place].Extent;
        }

        return strides;
    }

    private bool FollowsInAxis(AxisFactor first, AxisFactor second) =>
        first.Rank < second.Rank
            && !Factors.Any(factor => factor.Axis == first.Axis && factor.Rank > first.Rank && factor.Rank < second.Rank);
}
