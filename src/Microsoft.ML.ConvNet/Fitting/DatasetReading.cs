using System.Runtime.ExceptionServices;
using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>
/// Reads the rows of a data view once, by as many cursors as it gives, into the cache that training takes its batches from. The samples lie in the
/// order of the rows, whichever cursor had them.
/// </summary>
/// <param name="context">Who reads, and what for.</param>
/// <param name="channel">Takes the warnings.</param>
/// <param name="settings">Threads, what becomes of images that cannot be read, cancellation.</param>
internal sealed class DatasetReading(DataSetContext context, IChannel channel, ReadingSettings settings)
{
    private const int NamedRows = 5;

    /// <summary>Starts a thread of its own for a part of the rows.</summary>
    internal Func<Action, Task> Starting { get; init; } = run =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// Reads images and targets; rows without a label are left out, and counted in a warning. So are those whose images cannot be read, where the
    /// options say so. Another warning says that all images are the same to the network, which learns nothing of them then.
    /// </summary>
    /// <param name="data">The rows.</param>
    /// <param name="columns">What is read of each.</param>
    /// <param name="budget">The most bytes of memory that the samples may take.</param>
    /// <exception cref="InvalidDataException">A row cannot be used, or there is none.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public CachedDataset Read(IDataView data, SampleColumns columns, long budget)
    {
        CachedDataset dataset = columns.Task.CreateDataset(columns.Image.Shape, budget);
        try
        {
            int threads = settings.NumberOfThreads == 0 ? Environment.ProcessorCount : settings.NumberOfThreads;

            // Sets of cursors also where there is one: a single cursor of ML.NET's own may read ahead on other threads, and what a step throws there
            // ends the cursor, where here it is met row by row.
            DataViewRowCursor[] cursors = data.GetRowCursorSet(columns.Of(data.Schema), threads);
            bool isRead = false;
            try
            {
                RowPart[] parts = [.. cursors.Select((cursor, number) => new RowPart(context, number, cursor, columns, dataset, settings.SkipsUnreadable))];
                RowOrder order = Run(parts);
                dataset.Arrange(order.Samples());
                Report(dataset, order, parts, columns);
                isRead = true;
            }
            finally
            {
                GiveBack(cursors, throws: isRead);
            }

            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    private RowOrder Run(RowPart[] parts)
    {
        ReadingProgress progress = new(settings.CancellationToken);
        List<Task> others = [];
        try
        {
            foreach (RowPart part in parts.Skip(1))
            {
                others.Add(Starting(() => part.Run(progress)));
            }
        }
#pragma warning disable CA1031 // It is thrown on below, when those that run have left their cursors.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            progress.End(exception);
        }

        parts[0].Run(progress);
        Await([.. others], progress);
        if (progress.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(SplitSource.CauseOf(failure));
        }

        RowOrder order = new(parts);
        return progress.Fault is { } row
            ? throw context.BadRow(order.NumberOf(row.Part, row.Run, row.Place), row.Fault.Column, row.Fault.Message, row.Fault.InnerException)
            : order;
    }

    // ML.NET's own cursors throw once more what their source threw behind the rows that were read, which would hide the error of such a row.
    private static void GiveBack(DataViewRowCursor[] cursors, bool throws)
    {
        ExceptionDispatchInfo? failure = null;
        foreach (DataViewRowCursor cursor in cursors)
        {
            try
            {
                cursor.Dispose();
            }
#pragma warning disable CA1031 // The others are to be disposed of, too.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure ??= ExceptionDispatchInfo.Capture(SplitSource.CauseOf(exception));
            }
        }

        if (throws)
        {
            failure?.Throw();
        }
    }

    // The cursors are not given back before the last thread has left them, whoever interrupts this one.
    private static void Await(Task[] others, ReadingProgress progress)
    {
        while (true)
        {
            try
            {
                Task.WaitAll(others);
                return;
            }
            catch (ThreadInterruptedException exception)
            {
                progress.End(exception);
            }
        }
    }

    private static bool AreAllTheSame(RowPart[] parts)
    {
        float[][] firsts = [.. parts.Select(part => part.First).OfType<float[]>()];
        return Array.TrueForAll(parts, part => part.AreAllTheSame) && firsts.All(first => first.AsSpan().SequenceEqual(firsts[0]));
    }

    private static string AllTheSame(string what, int count, PixelSource source)
    {
        string cause = source.Column.Type is not ImageDataViewType ? "; see what the steps before the network make of them"
            : source.Background == ImageBackground.White ? "; white strokes on a transparent ground need "
                + $"{nameof(ConvNetTrainingOptions.ImageBackground)} {nameof(ImageBackground.Black)}"
            : $"; dark strokes on a transparent ground need {nameof(ConvNetTrainingOptions.ImageBackground)} {nameof(ImageBackground.White)}";
        return FormattableString.Invariant($"All {count} images of the {what} data look the same to the network{cause}.");
    }

    private static string Named((long Number, string Texts)[] rows) =>
        string.Join("; ", rows.Take(NamedRows).Select(row => FormattableString.Invariant($"row {row.Number}") + (row.Texts.Length == 0 ? string.Empty : $", {row.Texts}")))
        + (rows.Length > NamedRows ? "; ..." : string.Empty);

    private void Report(CachedDataset dataset, RowOrder order, RowPart[] parts, SampleColumns columns)
    {
        long unlabelled = parts.Sum(part => part.Unlabelled);
        (long Number, string Texts)[] unreadable = [.. order.Unreadable()];
        string what = context.Name;
        if (dataset.Count == 0)
        {
            throw context.Process(new InvalidDataException(
                order.Rows == 0 ? $"The {what} data has rows. Received: none."
                : unreadable.Length == 0
                    ? FormattableString.Invariant($"The {what} data has rows with a label. Received: {unlabelled} rows, ")
                        + $"the label \"{columns.Label.Name}\" missing in all of them."
                : FormattableString.Invariant($"The {what} data has rows with an image that can be read. Received: {order.Rows} rows, ")
                    + FormattableString.Invariant($"{unreadable.Length} without one: {Named(unreadable)}.")));
        }

        if (unlabelled > 0)
        {
            channel.Warning(
                MessageSensitivity.None,
                FormattableString.Invariant($"{unlabelled} of {order.Rows} rows of the {what} data have no label and are left out."));
        }

        if (unreadable.Length > 0)
        {
            channel.Warning(
                MessageSensitivity.None,
                FormattableString.Invariant($"{unreadable.Length} of {order.Rows} rows of the {what} data have no image that can be read and are left out: ")
                + $"{Named(unreadable)}.");
        }

        if (dataset.BytesInFile > 0)
        {
            channel.Info(
                MessageSensitivity.None,
                FormattableString.Invariant($"{dataset.BytesInMemory / 1e6:F0} MB of the {what} images are kept in memory, and ")
                + FormattableString.Invariant($"{dataset.BytesInFile / 1e6:F0} MB in a temporary file; {nameof(ConvNetTrainingOptions.CacheBudget)} says how many may be in memory."));
        }

        if (dataset.Count > 1 && AreAllTheSame(parts))
        {
            channel.Warning(MessageSensitivity.None, AllTheSame(what, dataset.Count, columns.Image));
        }
    }
}
