namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>
/// Counts who uses something now, so that it is freed once: when its owner has closed it and the last user has left. Any thread may call
/// any member. It is a mutable value: a field of what it counts for, never copied.
/// </summary>
internal struct UseCount
{
    private const int Closed = 1;
    private const int OneUser = 2;

    // The users, and in the lowest bit whether the owner has closed it: both in one number, so that one step changes and judges both.
    private int _state;

    /// <summary>Whether the owner has closed it; users that entered before may still be there.</summary>
    public bool IsClosed => (Volatile.Read(ref _state) & Closed) != 0;

    /// <summary>Enters, to use it until <see cref="Exit"/>.</summary>
    /// <returns>False where the owner has closed it.</returns>
    public bool TryEnter()
    {
        int state = Volatile.Read(ref _state);
        while ((state & Closed) == 0)
        {
            int seen = Interlocked.CompareExchange(ref _state, state + OneUser, state);
            if (seen == state)
            {
                return true;
            }

            state = seen;
        }

        return false;
    }

    /// <summary>Leaves, once for each time that was entered.</summary>
    /// <returns>Whether the caller is the last and has to free it.</returns>
    public bool Exit() => Interlocked.Add(ref _state, -OneUser) == Closed;

    /// <summary>Lets nobody enter any more; a second time it does nothing.</summary>
    /// <returns>Whether nobody uses it, so that the caller has to free it.</returns>
    public bool Close() => Interlocked.Or(ref _state, Closed) == 0;
}
