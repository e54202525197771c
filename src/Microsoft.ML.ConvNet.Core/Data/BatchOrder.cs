using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>The order in which an epoch takes the samples: a function of seed and epoch.</summary>
internal sealed class BatchOrder(int count, ulong seed)
{
    private readonly int[] _order = new int[count];
    private int _epoch = -1;

    /// <summary>The numbers of the samples in the present order.</summary>
    public ReadOnlySpan<int> Indices => _order;

    /// <summary>Turns to an epoch, counted from 0: to its random order, or to that of the numbers.</summary>
    public void TurnTo(int epoch, bool shuffles)
    {
        if (_epoch == epoch)
        {
            return;
        }

        _epoch = epoch;
        if (shuffles)
        {
            Shuffle((uint)epoch);
        }
        else
        {
            Sort();
        }
    }

    /// <summary>Takes the samples as they are numbered.</summary>
    public void Sort()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }
    }

    /// <summary>Takes the samples in the random order of an epoch, counted from 0.</summary>
    public void Shuffle(uint epoch)
    {
        Sort();
        new RandomStream(seed, RandomPurpose.Shuffling, epoch).Shuffle<int>(_order);
    }
}
