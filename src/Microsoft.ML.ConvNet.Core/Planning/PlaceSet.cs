namespace Microsoft.ML.ConvNet.Planning;

/// <summary>Places of an arena, as stretches in order that do not touch each other.</summary>
internal sealed class PlaceSet
{
    private readonly List<(nint From, nint To)> _stretches = [];

    /// <summary>Adds the places from one up to another.</summary>
    /// <returns>Whether one of them was not in the set.</returns>
    public bool Add(nint from, nint to)
    {
        int first = FirstThatEndsFrom(from);
        int end = first;
        nint newFrom = from;
        nint newTo = to;
        while (end < _stretches.Count && _stretches[end].From <= to)
        {
            newFrom = nint.Min(newFrom, _stretches[end].From);
            newTo = nint.Max(newTo, _stretches[end].To);
            end++;
        }

        if (end == first)
        {
            _stretches.Insert(first, (from, to));
            return true;
        }

        bool isNew = end > first + 1 || _stretches[first] != (newFrom, newTo);
        _stretches[first] = (newFrom, newTo);
        _stretches.RemoveRange(first + 1, end - first - 1);
        return isNew;
    }

    /// <summary>The lowest place, not under a given one, from which on so many are not in the set.</summary>
    public nint LowestFree(nint at, nint size)
    {
        for (int i = FirstThatEndsFrom(at + 1); i < _stretches.Count && _stretches[i].From < at + size; i++)
        {
            at = _stretches[i].To;
        }

        return at;
    }

    // The first stretch whose end is a place or above it.
    private int FirstThatEndsFrom(nint place)
    {
        int low = 0;
        int high = _stretches.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_stretches[middle].To < place)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
