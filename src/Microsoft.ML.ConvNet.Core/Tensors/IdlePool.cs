namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>
/// Memory that nobody uses now and that will soon be needed again. What many callers at once needed is given back when they are gone:
/// what nobody has used for some seconds is freed, but for the one used last, with which a single caller goes on without taking
/// memory, however seldom he calls.
/// </summary>
/// <param name="clock">Tells the time, and calls when it has come.</param>
/// <param name="patience">How long something stays that nobody uses, where it is not the only one; <see cref="Patience"/> where not given.</param>
internal sealed class IdlePool<T>(TimeProvider clock, TimeSpan? patience = null)
    where T : class, IPooledMemory
{
    /// <summary>How long memory stays that nobody uses, where it is not the only one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // A timer counts in milliseconds, and less than one would have it ring at once.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Gate _gate = new();
    private readonly TimeSpan _patience = patience ?? Patience;

    // In the order of their return: the first has been idle for longest. The last is taken first, so that few are kept warm.
    private readonly List<(T Item, long Since)> _idle = [];
    private ITimer? _timer;
    private bool _isTimed;

    /// <summary>Bytes of all that is idle.</summary>
    public long IdleBytes
    {
        get
        {
            using (_gate.Enter())
            {
                return _idle.Sum(idle => idle.Item.Bytes);
            }
        }
    }

    /// <summary>
    /// Takes what was returned last of those into which enough fits; where there is none, what was returned last, for the caller to
    /// replace; null where nothing is idle.
    /// </summary>
    public T? Take(int capacity = 0)
    {
        using (_gate.Enter())
        {
            int place = _idle.Count - 1;
            while (place >= 0 && _idle[place].Item.Capacity < capacity)
            {
                place--;
            }

            place = place < 0 ? _idle.Count - 1 : place;
            if (place < 0)
            {
                return null;
            }

            T item = _idle[place].Item;
            _idle.RemoveAt(place);
            return item;
        }
    }

    /// <summary>Puts something back.</summary>
    public void Return(T item)
    {
        using (_gate.Enter())
        {
            _idle.Add((item, clock.GetTimestamp()));
            if (_idle.Count > 1 && !_isTimed)
            {
                Await(_patience);
            }
        }
    }

    /// <summary>Frees all that is idle.</summary>
    public void Clear()
    {
        using (_gate.Enter())
        {
            SetTimer(Timeout.InfiniteTimeSpan);
            _isTimed = false;
            _idle.ForEach(idle => idle.Item.Free());
            _idle.Clear();
        }
    }

    private void Await(TimeSpan due)
    {
        _isTimed = true;
        _timer ??= CreateTimer();
        SetTimer(due);
    }

    // A clock has locks of its own, in which the thread may be interrupted.
    private void SetTimer(TimeSpan due) =>
        Gate.RunUninterrupted(static set => set.Timer?.Change(set.Due, Timeout.InfiniteTimeSpan), (Timer: _timer, Due: due));

    // Without the context of the thread that happens to come first, which the timer would keep.
    private ITimer CreateTimer()
    {
        if (!ExecutionContext.IsFlowSuppressed())
        {
            using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
            return CreateTimer();
        }

        return clock.CreateTimer(
            static pool => ((IdlePool<T>)pool!).FreeUnused(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void FreeUnused()
    {
        T[] unused;
        using (_gate.Enter())
        {
            // One moment for all of it: what has not been idle for long enough by it, has some time left.
            long now = clock.GetTimestamp();
            _isTimed = false;
            int count = 0;
            while (count < _idle.Count - 1 && IdleTime(count, now) >= _patience)
            {
                count++;
            }

            unused = [.. _idle.Take(count).Select(idle => idle.Item)];
            _idle.RemoveRange(0, count);
            if (_idle.Count > 1)
            {
                TimeSpan left = _patience - IdleTime(0, now);
                Await(left > ShortestWait ? left : ShortestWait);
            }
        }

        // Nobody waits while much memory is given back.
        Array.ForEach(unused, item => item.Free());
    }

    private TimeSpan IdleTime(int place, long now) => clock.GetElapsedTime(_idle[place].Since, now);
}
