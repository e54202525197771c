using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>Reads the rows of a data view once, by several cursors, as a training does before its first step: the columns Image and Label.</summary>
internal static class RowReading
{
    /// <summary>Reads; the set is the receiver's to dispose of.</summary>
    /// <param name="rows">Rows with vectors of bytes or with images that are opaque, of the size of a sample.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="threads">The most threads to use; 0 for one a core.</param>
    public static CachedDataset Run(IDataView rows, Shape shape, int classes, int threads)
    {
        CachedDataset dataset = new(shape, classes, ConvNetTrainingOptions.UsualCacheBudget);
        DataViewRowCursor[] cursors = rows.GetRowCursorSet(
            [rows.Schema["Image"], rows.Schema["Label"]], threads == 0 ? Environment.ProcessorCount : threads);
        try
        {
            Task<List<(long Batch, int Sample)>>[] parts =
            [
                .. cursors.Select(cursor => Task.Factory.StartNew(
                    () => Read(cursor, dataset), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
            ];
            Task.WaitAll(parts);
            IEnumerable<(long Batch, int Sample)> samples = parts.SelectMany(part => part.Result);
            dataset.Arrange([.. (parts.Length == 1 ? samples : samples.OrderBy(sample => sample.Batch)).Select(sample => sample.Sample)]);
            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
        finally
        {
            Array.ForEach(cursors, cursor => cursor.Dispose());
        }
    }

    private static List<(long Batch, int Sample)> Read(DataViewRowCursor cursor, CachedDataset dataset)
    {
        List<(long Batch, int Sample)> samples = [];
        ReadPixels read = cursor.Schema["Image"].Type is VectorDataViewType ? Bytes(cursor) : Image(cursor);
        ValueGetter<uint> label = cursor.GetGetter<uint>(cursor.Schema["Label"]);
        byte[] pixels = new byte[dataset.Shape.ElementCount];
        uint key = 0;
        while (cursor.MoveNext())
        {
            read(pixels);
            label(ref key);
            samples.Add((cursor.Batch, dataset.Add(pixels, (int)key - 1)));
        }

        return samples;
    }

    private static ReadPixels Bytes(DataViewRowCursor cursor)
    {
        ValueGetter<VBuffer<byte>> getter = cursor.GetGetter<VBuffer<byte>>(cursor.Schema["Image"]);
        VBuffer<byte> value = default;
        return pixels =>
        {
            getter(ref value);
            value.CopyTo(pixels);
        };
    }

    private static ReadPixels Image(DataViewRowCursor cursor)
    {
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(cursor.Schema["Image"]);
        return pixels =>
        {
            MLImage value = null!;
            getter(ref value);
            using MLImage image = value;
            OpaqueColours.Copy(image, pixels);
        };
    }

    private delegate void ReadPixels(Span<byte> pixels);
}
