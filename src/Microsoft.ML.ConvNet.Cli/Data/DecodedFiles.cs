using System.Collections;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using SkiaSharp;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// Image files as rows with their pixels, in the order of the files. While a row is worked on, the next files are decoded, one a thread, but
/// few at a time where they are large. The image of a row is disposed of when the next row is asked for.
/// </summary>
/// <param name="paths">The files.</param>
/// <param name="labels">The class of each; empty where it has none.</param>
/// <param name="decoder">Reads them.</param>
/// <param name="onUnreadable">Takes the errors of files that cannot be read, which have no row; where it is null, they are thrown.</param>
internal sealed class DecodedFiles(
    IReadOnlyList<string> paths, IReadOnlyList<string> labels, ImageDecoder decoder, Action<int, CommandException>? onUnreadable)
    : IEnumerable<DecodedFiles.Row>
{
    private const long EnoughPixelsAhead = 32_000_000;

    // ML.NET has an attribute for columns of images of one size only; these have any.
    static DecodedFiles() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage));

    /// <summary>The rows as a data view.</summary>
    public IDataView ToDataView(MLContext context) => ToDataView(context, this);

    /// <summary>Rows with images of any size as a data view.</summary>
    public static IDataView ToDataView(MLContext context, IEnumerable<Row> rows) => context.Data.LoadFromEnumerable(rows);

    public IEnumerator<Row> GetEnumerator()
    {
        Queue<Decoding> ahead = [];
        int next = 0;
        try
        {
            while (true)
            {
                while (next < paths.Count && ahead.Count < decoder.Threads && ahead.Sum(begun => begun.Pixels) < EnoughPixelsAhead)
                {
                    ahead.Enqueue(Begin(next++));
                }

                if (!ahead.TryDequeue(out Decoding? first))
                {
                    yield break;
                }

                if (ImageOf(first) is { } image)
                {
                    using (image)
                    {
                        string path = Path.GetFullPath(paths[first.Number]);
                        yield return new Row { Number = first.Number, ImagePath = path, Label = labels[first.Number], Image = image };
                    }
                }
            }
        }
        finally
        {
            foreach (Decoding begun in ahead)
            {
                _ = begun.Image.ContinueWith(
                    decoded => decoded.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Decoding Begin(int number)
    {
        try
        {
            SKCodec codec = decoder.Open(paths[number]);
            long pixels = (long)codec.Info.Width * codec.Info.Height;
            return new Decoding(number, pixels, Task.Run(() =>
            {
                using (codec)
                {
                    return decoder.Decode(codec, paths[number]);
                }
            }));
        }
        catch (CommandException error)
        {
            return new Decoding(number, 0, Task.FromException<MLImage>(error));
        }
    }

    private MLImage? ImageOf(Decoding decoding)
    {
        try
        {
            return decoding.Image.GetAwaiter().GetResult();
        }
        catch (CommandException error) when (onUnreadable != null)
        {
            onUnreadable(decoding.Number, error);
            return null;
        }
    }

    /// <summary>A row: the columns of image files, and what is known of each beside.</summary>
    internal sealed class Row
    {
        /// <summary>The number of the file, from 0.</summary>
        public int Number { get; set; }

        public string ImagePath { get; set; } = string.Empty;

        public string Label { get; set; } = string.Empty;

        public MLImage? Image { get; set; }
    }

    private sealed record Decoding(int Number, long Pixels, Task<MLImage> Image);
}
