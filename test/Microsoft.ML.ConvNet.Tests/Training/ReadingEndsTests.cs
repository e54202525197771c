using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Fitting;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Tests.Training;

/// <summary>What ends the reading of rows by several cursors: the same error each time, and no cursor is given back that is in use.</summary>
[TestClass]
public sealed class ReadingEndsTests
{
    // Batches of 10 rows in turn: rows 20 to 29 are the first cursor's, 30 to 39 the second one's.
    private const int BatchLength = 10;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_bad_row_before_what_a_source_throws_is_the_error_though_it_is_met_later()
    {
        using ManualResetEventSlim isThrown = new();
        BarRow[] rows = Bad(22);
        HookedDataView source = new(BarModels.Keyed(_context, rows))
        {
            Moved = position =>
            {
                if (position == 35)
                {
                    isThrown.Set();
                    throw new InvalidTimeZoneException("row 35");
                }
            },
            Fetching = position => _ = position == 22 && isThrown.Wait(TimeSpan.FromSeconds(20)) && Later(),
        };
        ErrorText.Is<InvalidDataException>(() => Read(new DividedDataView(source, BatchLength), 2), "row 22", "Received: NaN");
    }

    [TestMethod]
    public void What_a_source_throws_before_a_bad_row_is_the_error_though_it_is_thrown_later()
    {
        using ManualResetEventSlim isMet = new();
        BarRow[] rows = Bad(22);
        HookedDataView source = new(BarModels.Keyed(_context, rows))
        {
            Fetching = position =>
            {
                if (position == 22)
                {
                    isMet.Set();
                }

                if (position == 15 && isMet.Wait(TimeSpan.FromSeconds(20)) && Later())
                {
                    throw new InsufficientMemoryException("row 15");
                }
            },
        };
        Assert.AreEqual("row 15", Assert.ThrowsExactly<InsufficientMemoryException>(() => Read(new DividedDataView(source, BatchLength), 2)).Message);
    }

    [TestMethod]
    public void A_bad_row_before_the_end_of_a_source_that_ML_NET_divides_is_the_error_each_time()
    {
        // ML.NET hands on what it has read in whole batches, of which some come before the end.
        for (int round = 0; round < 20; round++)
        {
            IDataView data = _context.Data.LoadFromEnumerable(Ending(Bad(3, 400)));
            IDataView classes = _context.Data.LoadFromEnumerable(BarImages.Create(3));
            IDataView rows = _context.Transforms.Conversion.MapValueToKey("Label", keyData: _context.Transforms.SelectColumns("Label").Fit(classes).Transform(classes))
                .Append(_context.Transforms.CopyColumns("Copy", "Features")).Fit(data).Transform(data);
            ErrorText.Is<InvalidDataException>(() => Read(rows, 2), "row 3", "Received: NaN");
        }
    }

    [TestMethod]
    public void A_thread_that_cannot_be_started_leaves_no_other_on_a_cursor_that_is_disposed_of()
    {
        using ManualResetEventSlim isWithin = new();
        int within = 0;
        bool isDisposedOfInUse = false;
        HookedDataView source = new(BarModels.Keyed(_context, BarImages.Create(60)))
        {
            Fetching = _ =>
            {
                Interlocked.Increment(ref within);
                isWithin.Set();
                Thread.Sleep(100);
                Interlocked.Decrement(ref within);
            },
            Disposing = () => isDisposedOfInUse |= Volatile.Read(ref within) > 0,
        };
        int started = 0;
        InsufficientMemoryException error = Assert.ThrowsExactly<InsufficientMemoryException>(() => Read(new DividedDataView(source, BatchLength), 3, run =>
        {
            if (++started == 2)
            {
                Assert.IsTrue(isWithin.Wait(TimeSpan.FromSeconds(20)));
                throw new InsufficientMemoryException("no thread");
            }

            return Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }));
        Assert.AreEqual("no thread", error.Message);
        Assert.IsFalse(isDisposedOfInUse);
    }

    private static BarRow[] Bad(int number, int count = 60)
    {
        BarRow[] rows = BarImages.Create(count);
        rows[number].Features![5] = float.NaN;
        return rows;
    }

    // Time for the other thread to end the reading, were it to.
    private static bool Later()
    {
        Thread.Sleep(100);
        return true;
    }

    private static IEnumerable<BarRow> Ending(BarRow[] rows)
    {
        foreach (BarRow row in rows)
        {
            yield return row;
        }

        throw new InvalidTimeZoneException("the end");
    }

    private void Read(IDataView rows, int threads, Func<Action, Task>? starting = null)
    {
        IHost host = ((IHostEnvironment)_context).Register("Reading");
        using IChannel channel = host.Start("Train");
        DataSetContext context = new(host, "training");
        PixelSource source = PixelSource.Bind(context, rows.Schema["Features"], [BarImages.Side, BarImages.Side, 1], ImageLayout.Auto);
        SampleColumns columns = new(source, rows.Schema["Label"], Weight: null, new MulticlassTask(ClassLabels.Of(context, rows.Schema["Label"])));
        ReadingSettings settings = new(threads, SkipsUnreadable: false, CancellationToken.None);
        DatasetReading reading = new(context, channel, settings);
        reading = starting is null ? reading : new DatasetReading(context, channel, settings) { Starting = starting };
        reading.Read(rows, columns, budget: 1_000_000).Dispose();
    }
}
