using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Vision;

// The same folder of images, one subfolder a class, learnt by both trainers in one run: ours from random weights, and
// Microsoft.ML.Vision's on top of a network that TensorFlow holds, which it downloads. Printed are training time, accuracy on the same
// held-out fifth, and the time a scored image takes.
if (args.Length == 0 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine($"usage: dotnet run -c Release -- FOLDER [ARCHITECTURE] [HEIGHTxWIDTH]. Received: {string.Join(' ', args)}");
    return 1;
}

string folder = args[0];
string architecture = args.Length > 1 ? args[1] : "lenet5";
int[] size = [.. (args.Length > 2 ? args[2] : "32x32").Split('x').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];

MLContext mlContext = new(seed: 1);
string[] extensions = [".png", ".jpg", ".jpeg", ".bmp"];
LabelledImage[] images =
[
    .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => extensions.Contains(Path.GetExtension(path).ToLowerInvariant()))
        .Order(StringComparer.Ordinal)
        .Select(path => new LabelledImage { Path = path, Label = Path.GetFileName(Path.GetDirectoryName(path)!) }),
];
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(images), testFraction: 0.2);
var keys = mlContext.Transforms.Conversion.MapValueToKey("Label");

var ours = keys
    .Append(mlContext.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: "Path"))
    .Append(mlContext.Transforms.ResizeImages("Image", imageWidth: size[1], imageHeight: size[0]))
    .Append(mlContext.MulticlassClassification.Trainers.ConvNet("Label", "Image", architecture));
var theirs = keys
    .Append(mlContext.Transforms.LoadRawImageBytes("Image", imageFolder: null, inputColumnName: "Path"))
    .Append(mlContext.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
    {
        LabelColumnName = "Label",
        FeatureColumnName = "Image",
        Arch = ImageClassificationTrainer.Architecture.ResnetV250,
        ValidationSetFraction = null,
    }));

Console.WriteLine($"{images.Length} images of {folder}");
Console.WriteLine($"{"trainer",-24} {"training s",12} {"accuracy",10} {"ms an image",12}");
Report($"ConvNet {architecture}", ours);
Report("ImageClassification", theirs);
return 0;

void Report<TTransformer>(string name, IEstimator<TTransformer> pipeline)
    where TTransformer : class, ITransformer
{
    Stopwatch watch = Stopwatch.StartNew();
    TTransformer model = pipeline.Fit(split.TrainSet);
    double training = watch.Elapsed.TotalSeconds;
    watch.Restart();
    MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
    double scored = metrics.ConfusionMatrix.Counts.Sum(row => row.Sum());
    double milliseconds = watch.Elapsed.TotalMilliseconds / scored;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-24} {training,12:0.0} {metrics.MicroAccuracy,10:0.000} {milliseconds,12:0.00}"));
}

/// <summary>A row of the data: where an image is, and its class.</summary>
internal sealed class LabelledImage
{
    public string Path { get; set; } = string.Empty;

    public string Label { get; set; } = string.Empty;
}
