namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// Which places of an arena are taken during which steps. The steps are halved again and again, and each span of steps knows the places that
/// are taken during all of it and those that are taken at some time in it; any time from one step to another is made up of a few spans.
/// </summary>
internal sealed class ArenaOccupancy
{
    // A binary tree in an array: span 1 is all steps, span s has the halves 2 s and 2 s + 1, the single steps come last.
    private readonly PlaceSet?[] _always;
    private readonly PlaceSet?[] _sometimes;
    private readonly List<PlaceSet> _taken = [];
    private readonly int _steps;

    /// <summary>An arena of which nothing is taken.</summary>
    /// <param name="steps">The number of steps.</param>
    public ArenaOccupancy(int steps)
    {
        _steps = 1;
        while (_steps < steps)
        {
            _steps *= 2;
        }

        _always = new PlaceSet?[2 * _steps];
        _sometimes = new PlaceSet?[2 * _steps];
    }

    /// <summary>The lowest place from which on so many floats are free during some steps, the last one included.</summary>
    public nint LowestFree(int firstStep, int lastStep, nint size)
    {
        CollectTaken(firstStep, lastStep);
        nint at = 0;
        bool hasMoved;
        do
        {
            hasMoved = false;
            foreach (PlaceSet places in _taken)
            {
                nint next = places.LowestFree(at, size);
                hasMoved |= next != at;
                at = next;
            }
        }
        while (hasMoved);
        return at;
    }

    /// <summary>Takes places during some steps, the last one included.</summary>
    public void Take(int firstStep, int lastStep, nint at, nint size)
    {
        int low = firstStep + _steps;
        int high = lastStep + _steps;
        for (; low <= high; low /= 2, high /= 2)
        {
            if (low % 2 == 1)
            {
                TakeAlways(low++, at, size);
            }

            if (high % 2 == 0)
            {
                TakeAlways(high--, at, size);
            }
        }
    }

    private void TakeAlways(int span, nint at, nint size)
    {
        (_always[span] ??= new PlaceSet()).Add(at, at + size);
        for (; span > 0; span /= 2)
        {
            if (!(_sometimes[span] ??= new PlaceSet()).Add(at, at + size))
            {
                // The spans around this one have all of it as well.
                break;
            }
        }
    }

    // What is taken at some time in the spans that make up the time, and during all of a span around its first or its last step.
    private void CollectTaken(int firstStep, int lastStep)
    {
        _taken.Clear();
        int low = firstStep + _steps;
        int high = lastStep + _steps;
        for (int first = low / 2, last = high / 2; first > 0; first /= 2, last /= 2)
        {
            Collect(_always[first]);
            if (last != first)
            {
                Collect(_always[last]);
            }
        }

        for (; low <= high; low /= 2, high /= 2)
        {
            if (low % 2 == 1)
            {
                Collect(_sometimes[low++]);
            }

            if (high % 2 == 0)
            {
                Collect(_sometimes[high--]);
            }
        }
    }

    private void Collect(PlaceSet? places)
    {
        if (places != null)
        {
            _taken.Add(places);
        }
    }
}
