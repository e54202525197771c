namespace Microsoft.ML.ConvNet.Core.Tests.Tensors;

/// <summary>A clock that goes on when it is told to, and then calls who is due.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<Alarm> _alarms = [];
    private long _now;

    /// <summary>How much time passes with every look at the clock.</summary>
    public TimeSpan TimeOfLook { get; set; }

    /// <summary>The timers that wait for their time.</summary>
    public int Waiting => _alarms.Count(alarm => alarm.Due is not null);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time)
    {
        _now += time.Ticks;
        foreach (Alarm alarm in _alarms.Where(alarm => alarm.Due <= _now).ToArray())
        {
            alarm.Ring();
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => _now += TimeOfLook.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Alarm alarm = new(this, () => callback(state));
        alarm.Change(dueTime, period);
        _alarms.Add(alarm);
        return alarm;
    }

    private sealed class Alarm(ManualTime time, Action call) : ITimer
    {
        public long? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.AreEqual(Timeout.InfiniteTimeSpan, period, "Only timers that ring once are imitated.");
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
            }

            Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime.Ticks;
            return true;
        }

        public void Ring()
        {
            Due = null;
            call();
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
