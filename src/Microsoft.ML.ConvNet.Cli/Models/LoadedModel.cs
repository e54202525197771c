using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>A model file, opened with ML.NET's <c>Model.Load</c>.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly string _path;
    private readonly ITransformer _saved;
    private readonly ConvNetTransformer _network;
    private readonly bool _readsFiles;

    private LoadedModel(string path, MLContext context, ITransformer transformer, DataViewSchema inputSchema)
    {
        _path = path;
        Context = context;
        _saved = transformer;
        Transformer = PipelineSteps.WithoutReading(transformer, inputSchema);
        _network = PipelineSteps.Of(transformer).OfType<ConvNetTransformer>().LastOrDefault()
            ?? throw new CommandException($"The model has a convolutional network. Received: \"{path}\", whose pipeline has none.");
        bool hasLabel = inputSchema.GetColumnOrNull(ColumnNames.Label)?.Type is TextDataViewType;
        _readsFiles = inputSchema.GetColumnOrNull(ColumnNames.ImagePath)?.Type is TextDataViewType;
        bool readsPixels = inputSchema.GetColumnOrNull(ColumnNames.Image)?.Type is VectorDataViewType;
        if (!hasLabel || !(_readsFiles || readsPixels))
        {
            throw new CommandException(
                $"This tool runs models that it trained itself, with the text columns {ColumnNames.Label} and {ColumnNames.ImagePath} "
                + $"or the vector column {ColumnNames.Image}. Received: \"{path}\", which reads {string.Join(", ", inputSchema)}.");
        }
    }

    public MLContext Context { get; }

    /// <summary>The model for rows of this tool, which have images where the saved model reads files.</summary>
    public ITransformer Transformer { get; }

    public Network Network => _network.Network;

    public Weights Weights => _network.Weights;

    /// <summary>The network with what is done to pixels before it.</summary>
    public ConvNetModelParameters Parameters => _network.Model;

    public IReadOnlyList<string> ClassNames => _network.ClassNames;

    /// <summary>Loads a model.</summary>
    /// <exception cref="CommandException">There is none, or it is not a model with a convolutional network.</exception>
    public static LoadedModel Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandException($"There is no model file \"{path}\".");
        }

        MLContext context = new(seed: 0);
        ITransformer transformer;
        DataViewSchema inputSchema;
        try
        {
            transformer = context.Model.Load(path, out inputSchema);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            string hint = IsOnnx(path)
                ? $"it is an ONNX model, of which convnet import \"{TerminalText.Of(path)}\" --model FILE makes one."
                : ErrorLine.Of(DamageIn(error));
            throw new CommandException($"The file \"{TerminalText.Of(path)}\" cannot be read as a model: {hint}", error);
        }

        return new LoadedModel(path, context, transformer, inputSchema);
    }

    /// <summary>Brings images to the form that the model reads.</summary>
    /// <exception cref="CommandException">There is no way to.</exception>
    public LabelledImages Adapt(LabelledImages images) => images switch
    {
        ImageFiles files when !_readsFiles => ImageConversion.ToPixels(Context, files, Network.InputShape).Images,
        PixelImages pixels when _readsFiles => throw new CommandException(
            $"The model \"{_path}\" reads image files, as it was trained on such. Received: IDX data, {pixels.DescribeImages()}."),
        PixelImages pixels when pixels.Shape != Network.InputShape => throw new CommandException(
            $"The model \"{_path}\" reads images of {Network.InputShape}. Received: {pixels.Shape}."),
        _ => images,
    };

    /// <summary>The probability of each class, for each image that can be read.</summary>
    /// <param name="files">The images.</param>
    /// <param name="onUnreadable">Takes the number of each other image, and why it cannot be read.</param>
    /// <returns>The number of each image, and the probabilities.</returns>
    public IEnumerable<(int Number, float[] Scores)> Predict(ImageFiles files, Action<int, CommandException> onUnreadable)
    {
        if (_readsFiles)
        {
            IDataView scored = Transformer.Transform(files.ToDataView(Context, onUnreadable));
            return Context.Data.CreateEnumerable<ScoredRow>(scored, reuseRowObject: false).Select(row => (row.Number, row.Score));
        }

        (PixelImages pixels, IReadOnlyList<int> numbers) = ImageConversion.ToPixels(Context, files, Network.InputShape, onUnreadable);
        return numbers.Zip(Transformer.Transform(pixels.ToDataView(Context)).GetColumn<float[]>(ColumnNames.Score));
    }

    public void Dispose() => (_saved as IDisposable)?.Dispose();

    // ML.NET's models are zip files, and what else is a model of ONNX is one by its content, whatever its name.
    private static bool IsOnnx(string path)
    {
        try
        {
            using (FileStream file = File.OpenRead(path))
            {
                Span<byte> start = stackalloc byte[2];
                if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("PK"u8))
                {
                    return false;
                }
            }

            return OnnxModel.Load(path).NodeCount > 0;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>What is wrong with the network's part of a file, which ML.NET hides among the causes of an error; else the error.</summary>
    private static Exception DamageIn(Exception error)
    {
        for (Exception? cause = error; cause != null; cause = cause.InnerException)
        {
            if (cause is ModelFormatException)
            {
                return cause;
            }
        }

        return error;
    }

    private sealed class ScoredRow
    {
        public int Number { get; set; }

        public float[] Score { get; set; } = [];
    }
}
