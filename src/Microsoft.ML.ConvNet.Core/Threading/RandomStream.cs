namespace Microsoft.ML.ConvNet.Threading;

/// <summary>
/// A sequence of random numbers for one purpose: the numbers depend only on the seed, the purpose and two more indices
/// (such as epoch and sample), never on what else was drawn before.
/// </summary>
internal struct RandomStream(ulong seed, RandomPurpose purpose, uint index0 = 0, uint index1 = 0)
{
    private uint _position;
    private (uint A, uint B, uint C, uint D) _block;

    /// <summary>The next 32 random bits.</summary>
    public uint NextWord()
    {
        uint lane = _position & 3;
        if (lane == 0)
        {
            _block = CounterRandom.Block(seed, _position >> 2, (uint)purpose, index0, index1);
        }

        _position++;
        return lane switch { 0 => _block.A, 1 => _block.B, 2 => _block.C, _ => _block.D };
    }

    /// <summary>The next number, uniform in [0, 1).</summary>
    public float NextSingle() => CounterRandom.ToUnit(NextWord());

    /// <summary>The next number, uniform in [<paramref name="minimum"/>, <paramref name="maximum"/>).</summary>
    public float NextSingle(float minimum, float maximum) => minimum + ((maximum - minimum) * NextSingle());

    /// <summary>The next whole number, uniform in 0 .. <paramref name="count"/> - 1 (Lemire's multiplication with rejection, 2019).</summary>
    public int NextIndex(int count)
    {
        ulong product = (ulong)NextWord() * (uint)count;
        if ((uint)product < (uint)count)
        {
            uint threshold = unchecked(0u - (uint)count) % (uint)count;
            while ((uint)product < threshold)
            {
                product = (ulong)NextWord() * (uint)count;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>The next number of the normal distribution with mean 0 and standard deviation 1 (Box and Muller, 1958).</summary>
    public float NextNormal()
    {
        double radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextSingle()));
        return (float)(radius * Math.Cos(2.0 * Math.PI * NextSingle()));
    }

    /// <summary>Puts the elements into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> elements)
    {
        for (int i = elements.Length - 1; i > 0; i--)
        {
            int j = NextIndex(i + 1);
            (elements[i], elements[j]) = (elements[j], elements[i]);
        }
    }
}
