namespace Microsoft.ML.ConvNet.Threading;

/// <summary>A division of things in a row into as few parts as can be, of at most a number each, as even as can be: the larger parts first.</summary>
internal readonly struct EvenParts
{
    private readonly int _length;
    private readonly int _larger;

    /// <summary>Divides.</summary>
    public EvenParts(int total, int most)
    {
        Count = Rounding.DivideUp(total, most);
        _length = Count == 0 ? 0 : total / Count;
        _larger = total - (_length * Count);
    }

    /// <summary>The number of parts.</summary>
    public int Count { get; }

    /// <summary>Where a part starts.</summary>
    public int Start(int part) => (part * _length) + Math.Min(part, _larger);

    /// <summary>The things of a part.</summary>
    public int Length(int part) => _length + (part < _larger ? 1 : 0);
}
