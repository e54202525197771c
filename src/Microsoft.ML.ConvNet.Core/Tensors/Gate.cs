namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>
/// A lock that <see cref="Thread.Interrupt"/> does not break: who wants to enter it enters it. The interruption is delivered afterwards,
/// where the thread next waits: what was under way, giving memory or threads back, say, is done by then.
/// </summary>
internal sealed class Gate
{
    private readonly object _monitor = new();

    /// <summary>Enters, until what is returned is disposed of.</summary>
    public Passage Enter()
    {
        bool isInterrupted = false;
        while (true)
        {
            try
            {
                Monitor.Enter(_monitor);
                return new Passage(_monitor, isInterrupted);
            }
            catch (ThreadInterruptedException)
            {
                // To wait once more: there is one such exception for an interruption.
                isInterrupted = true;
            }
        }
    }

    /// <summary>Does something outside of this house that may wait, until it is done in spite of an interruption.</summary>
    /// <param name="action">What is done; done again from its beginning where it was interrupted.</param>
    /// <param name="argument">What it is given.</param>
    public static void RunUninterrupted<T>(Action<T> action, T argument)
    {
        bool isInterrupted = false;
        while (true)
        {
            try
            {
                action(argument);
                break;
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        if (isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <summary>The time within a gate.</summary>
    public ref struct Passage
    {
        private readonly object _monitor;
        private bool _isInterrupted;

        internal Passage(object monitor, bool isInterrupted)
        {
            _monitor = monitor;
            _isInterrupted = isInterrupted;
        }

        /// <summary>Wakes one who waits within the gate.</summary>
        public readonly void Pulse() => Monitor.Pulse(_monitor);

        /// <summary>Lets others enter until one of them pulses, or the thread is interrupted: the caller looks again at what it waits for.</summary>
        public void Wait()
        {
            try
            {
                Monitor.Wait(_monitor);
            }
            catch (ThreadInterruptedException)
            {
                _isInterrupted = true;
            }
        }

        /// <summary>Passes over an interruption: for threads of this house, which nobody has a reason to interrupt.</summary>
        public void Forget() => _isInterrupted = false;

        /// <summary>Leaves.</summary>
        public readonly void Dispose()
        {
            Monitor.Exit(_monitor);
            if (_isInterrupted)
            {
                Thread.CurrentThread.Interrupt();
            }
        }
    }
}
