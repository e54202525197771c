using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>The columns of the rows that a fine-tuning reads.</summary>
/// <param name="Context">Who reads, and what for.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Source">The column of the images.</param>
/// <param name="Label">The column of the classes.</param>
/// <param name="Task">The classes.</param>
/// <param name="Weight">The column of what each row counts; null where all count alike.</param>
internal sealed record FineTuningColumns(
    DataSetContext Context, IDataView Rows, PixelSource Source, DataViewSchema.Column Label, PredictionTask Task, DataViewSchema.Column? Weight)
{
    /// <summary>Finds the columns of rows.</summary>
    /// <param name="host">Who reads.</param>
    /// <param name="what">What the rows are for: training, validation.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="baseModel">How images are wanted.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="resizing">How images of another size are brought to it.</param>
    /// <param name="orientation">Which way up images of files are.</param>
    /// <param name="learning">What there is to be learnt.</param>
    /// <param name="task">What is learnt of the training rows; null where these are they.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or will not do.</exception>
    public static FineTuningColumns Of(
        IHost host,
        string what,
        IDataView rows,
        FitColumns columns,
        PretrainedModel baseModel,
        Shape shape,
        ImageResizing resizing,
        ImageOrientation orientation,
        LearningTask learning,
        PredictionTask? task = null)
    {
        DataSetContext context = new(host, what);
        DataViewSchema.Column feature = context.Find(rows, "feature", columns.Scoring.Feature);
        DataViewSchema.Column label = context.Find(rows, "label", columns.Label!);
        PixelSource source = PixelSource.Bind(context, feature, shape, ImageLayout.Auto, resizing) with
        {
            ChannelOrder = baseModel.ChannelOrder,
            Background = baseModel.ImageBackground,
            Orientation = orientation,
        };
        if (task?.MismatchOf(context, label) is { } mismatch)
        {
            throw context.Mismatch(mismatch);
        }

        return new FineTuningColumns(
            context, rows, source, label, task ?? learning.Of(context, rows, label), SampleColumns.FindWeight(context, rows, columns.Weight));
    }

    /// <summary>Reads the rows.</summary>
    /// <param name="channel">Takes the warnings.</param>
    /// <param name="settings">Threads, what becomes of images that cannot be read, cancellation.</param>
    /// <param name="budget">The most bytes of memory that the images may take.</param>
    /// <exception cref="InvalidDataException">A row cannot be used, or there is none.</exception>
    public CachedDataset Read(IChannel channel, ReadingSettings settings, long budget) =>
        new DatasetReading(Context, channel, settings).Read(Rows, new SampleColumns(Source, Label, Weight, Task), budget);
}
