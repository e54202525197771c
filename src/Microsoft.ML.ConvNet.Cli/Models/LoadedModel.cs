using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Files;
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
    private readonly DataViewSchema? _schema;
    private readonly bool _readsFiles;
    private readonly bool _readsShares;

    private LoadedModel(string path, MLContext context, ITransformer transformer, DataViewSchema inputSchema)
    {
        _path = path;
        Context = context;
        _saved = transformer;
        _schema = inputSchema;
        _network = PipelineSteps.Of(transformer).OfType<ConvNetTransformer>().LastOrDefault()
            ?? throw new CommandException($"The model has a convolutional network. Received: \"{TerminalText.Of(path)}\", whose pipeline has none.");
        _readsFiles = inputSchema?.GetColumnOrNull(ColumnNames.ImagePath)?.Type is TextDataViewType;

        // Models of earlier versions, whose pixels were divided by 255 before they came to the network; now it has them as the files hold them.
        _readsShares = inputSchema?.GetColumnOrNull(ColumnNames.Image)?.Type is VectorDataViewType { ItemType: NumberDataViewType item }
            && item == NumberDataViewType.Single;
    }

    public MLContext Context { get; }

    /// <summary>The model for rows of this tool, which have images where the saved model reads files.</summary>
    /// <exception cref="CommandException">The model reads other rows.</exception>
    public ITransformer Transformer => PipelineSteps.WithoutReading(_saved, RequireRows());

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

        if (RegularFile.FaultOf(path) is { } fault)
        {
            throw new CommandException($"A model file is a regular file. Received: \"{TerminalText.Of(path)}\", {fault}.");
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

    /// <summary>
    /// Demands that the model reads rows of this tool, before data are read. One that was trained elsewhere can be looked at and exported; its rows
    /// are known to the program that made it.
    /// </summary>
    /// <returns>The columns that it reads.</returns>
    /// <exception cref="CommandException">It reads others.</exception>
    public DataViewSchema RequireRows()
    {
        bool hasLabel = _schema?.GetColumnOrNull(ColumnNames.Label)?.Type is TextDataViewType;
        bool readsPixels = _schema?.GetColumnOrNull(ColumnNames.Image)?.Type is VectorDataViewType;
        return hasLabel && (_readsFiles || readsPixels) ? _schema! : throw new CommandException(
            $"Rows are scored by models of this tool, with the text columns {ColumnNames.Label} and {ColumnNames.ImagePath} "
            + $"or the vector column {ColumnNames.Image}; summary, profile and export take any model with a convolutional network. "
            + $"Received: \"{TerminalText.Of(_path)}\", which reads {TerminalText.Of(_schema is null ? "rows that it does not name" : string.Join(", ", _schema))}.");
    }

    /// <summary>
    /// What the transparent pixels of image files lie on: a model that was trained on such has its own; to one that was trained on pixels it
    /// can be said.
    /// </summary>
    /// <param name="given">What the option says; null for nothing.</param>
    /// <param name="option">The option.</param>
    /// <exception cref="CommandException">The option says another than the model.</exception>
    public ImageBackground BackgroundOr(ImageBackground? given, string option)
    {
        ImageBackground own = _readsFiles ? Parameters.ImageBackground : given ?? default;
        return given is null || given == own ? own : throw new CommandException(
            $"{option} is for models that were trained on IDX data. "
            + $"Received: {BackgroundText.Of(given.Value)} for \"{TerminalText.Of(_path)}\", which has its own: {BackgroundText.Of(own)}.");
    }

    /// <summary>Brings images to the form that the model reads.</summary>
    /// <param name="images">The images.</param>
    /// <param name="background">What transparent pixels lie on, by <see cref="BackgroundOr"/>.</param>
    /// <exception cref="CommandException">There is no way to.</exception>
    public LabelledImages Adapt(LabelledImages images, ImageBackground background) => images switch
    {
        ImageFiles files when !_readsFiles => InForm(ImageConversion.ToPixels(Context, files.On(background), Network.InputShape).Images),
        PixelImages pixels when _readsFiles && _network.Model.ImageResizing != ImageResizing.None => new PixelPictures(pixels),
        PixelImages pixels when _readsFiles => throw new CommandException(
            $"The model \"{TerminalText.Of(_path)}\" reads image files, as it was trained on such. Received: IDX data, {pixels.DescribeImages()}."),
        PixelImages pixels when pixels.Shape != Network.InputShape => throw new CommandException(
            $"The model \"{TerminalText.Of(_path)}\" reads images of {Network.InputShape}. Received: {pixels.Shape}."),
        PixelImages pixels => InForm(pixels),
        _ => images,
    };

    /// <summary>The probability of each class, for each image that can be read.</summary>
    /// <param name="files">The images.</param>
    /// <param name="background">What transparent pixels lie on, by <see cref="BackgroundOr"/>.</param>
    /// <param name="onUnreadable">Takes the number of each other image, and why it cannot be read.</param>
    /// <returns>The number of each image, and the probabilities.</returns>
    public IEnumerable<(int Number, float[] Scores)> Predict(
        ImageFiles files, ImageBackground background, Action<int, CommandException> onUnreadable)
    {
        RequireRows();
        if (_readsFiles)
        {
            IDataView scored = Transformer.Transform(files.ToDataView(Context, onUnreadable));
            return Context.Data.CreateEnumerable<ScoredRow>(scored, reuseRowObject: false).Select(row => (row.Number, row.Score));
        }

        (PixelImages pixels, IReadOnlyList<int> numbers) = ImageConversion.ToPixels(Context, files.On(background), Network.InputShape, onUnreadable);
        return numbers.Zip(Transformer.Transform(InForm(pixels).ToDataView(Context)).GetColumn<float[]>(ColumnNames.Score));
    }

    public void Dispose() => (_saved as IDisposable)?.Dispose();

    private PixelImages InForm(PixelImages pixels) => _readsShares ? pixels.In(PixelForm.Shares) : pixels;

    // ML.NET's models are zip files, and what else is a model of ONNX is one by its content, whatever its name.
    private static bool IsOnnx(string path)
    {
        try
        {
            return !RegularFile.BeginsWith(path, "PK"u8) && OnnxModel.Load(path).NodeCount > 0;
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
