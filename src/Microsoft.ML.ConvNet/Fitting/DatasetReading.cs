using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>Reads the rows of a data view once, into the memory that training takes its batches from.</summary>
internal static class DatasetReading
{
    /// <summary>
    /// Reads images and classes; rows without a label are left out, and counted in a warning. Another warning says that all images are the
    /// same to the network, which learns nothing of them then.
    /// </summary>
    /// <param name="context">Who reads, and what for.</param>
    /// <param name="channel">Takes the warning.</param>
    /// <param name="data">The rows.</param>
    /// <param name="source">The column of the images.</param>
    /// <param name="label">The column of the classes.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="cancellation">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidDataException">A row cannot be used, or there is none.</exception>
    public static InMemoryDataset Read(
        DataSetContext context,
        IChannel channel,
        IDataView data,
        PixelSource source,
        DataViewSchema.Column label,
        int classes,
        CancellationToken cancellation)
    {
        InMemoryDataset dataset = new(source.Shape, classes);
        try
        {
            long unlabelled = 0;
            using DataViewRowCursor cursor = data.GetRowCursor(RowTexts.With(data.Schema, source.Column, [source.Column, label]));
            PixelReader reader = PixelReader.Create(context, cursor, source);
            Func<int> classOf = ClassReader.Create(context, cursor, label);
            SampleAdding adding = new(dataset, reader);
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfCancellationRequested();
                int number = classOf();
                if (number < 0)
                {
                    unlabelled++;
                }
                else
                {
                    adding.Add(number);
                }
            }

            Report(context, channel, dataset, label.Name, unlabelled);
            if (adding.AreAllTheSame && dataset.Count > 1)
            {
                channel.Warning(MessageSensitivity.None, AllTheSame(context.Name, dataset.Count, source));
            }

            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    private static string AllTheSame(string what, int count, PixelSource source)
    {
        string cause = source.Column.Type is not ImageDataViewType ? "; see what the steps before the network make of them"
            : source.Background == ImageBackground.White ? "; white strokes on a transparent ground need "
                + $"{nameof(ConvNetTrainingOptions.ImageBackground)} {nameof(ImageBackground.Black)}"
            : $"; dark strokes on a transparent ground need {nameof(ConvNetTrainingOptions.ImageBackground)} {nameof(ImageBackground.White)}";
        return FormattableString.Invariant($"All {count} images of the {what} data look the same to the network{cause}.");
    }

    private static void Report(DataSetContext context, IChannel channel, InMemoryDataset dataset, string label, long unlabelled)
    {
        string what = context.Name;
        if (dataset.Count == 0)
        {
            throw context.Process(new InvalidDataException(
                unlabelled == 0
                    ? $"The {what} data has rows. Received: none."
                    : $"The {what} data has rows with a label. "
                        + $"Received: {unlabelled} rows, the label \"{label}\" missing in all of them."));
        }

        if (unlabelled > 0)
        {
            channel.Warning(
                MessageSensitivity.None,
                $"{unlabelled} of {unlabelled + dataset.Count} rows of the {what} data have no label and are left out.");
        }
    }

    /// <summary>Adds the present row: as bytes where its pixels are whole numbers from 0 to 255, in a quarter of the memory.</summary>
    private sealed class SampleAdding(InMemoryDataset dataset, PixelReader reader)
    {
        private readonly byte[] _bytes = new byte[dataset.Shape.ElementCount];
        private readonly float[] _floats = reader is BytePixelReader ? [] : new float[dataset.Shape.ElementCount];
        private readonly float[] _first = new float[dataset.Shape.ElementCount];
        private readonly float[] _another = new float[dataset.Shape.ElementCount];

        /// <summary>Whether no two samples were different.</summary>
        public bool AreAllTheSame { get; private set; } = true;

        public void Add(int number)
        {
            AddPixels(number);
            if (AreAllTheSame)
            {
                dataset.ReadSample(dataset.Count - 1, dataset.Count == 1 ? _first : _another);
                AreAllTheSame = dataset.Count == 1 || _first.AsSpan().SequenceEqual(_another);
            }
        }

        private void AddPixels(int number)
        {
            if (reader is BytePixelReader byteReader)
            {
                byteReader.ReadBytes(_bytes);
                dataset.Add(_bytes, number);
                return;
            }

            reader.Read(_floats);
            if (AreBytes())
            {
                dataset.Add(_bytes, number);
            }
            else
            {
                dataset.Add(_floats, number);
            }
        }

        private bool AreBytes()
        {
            for (int i = 0; i < _floats.Length; i++)
            {
                float value = _floats[i];
                byte rounded = (byte)Math.Clamp(value, 0f, 255f);
                if (rounded != value)
                {
                    return false;
                }

                _bytes[i] = rounded;
            }

            return true;
        }
    }
}
