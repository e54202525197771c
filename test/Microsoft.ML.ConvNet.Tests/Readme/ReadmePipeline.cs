// <readme>
using Microsoft.ML;
// </readme>

/// <summary>
/// The README's pipeline, word for word: what stands between the marks is its block of C#. As on the README's reader's side, nothing of
/// it is in a namespace of the pack, so that its using directive has to be enough.
/// </summary>
internal static class ReadmePipeline
{
    /// <summary>Runs the pipeline in the current directory: learns from "flowers", writes "flowers.zip", prints an accuracy.</summary>
    public static void Run()
    {
        // <readme>
        var mlContext = new MLContext(seed: 1);
        var photos = Directory.EnumerateFiles("flowers", "*.*", SearchOption.AllDirectories)
            .Select(path => new Photo { Path = path, Label = Directory.GetParent(path)!.Name });
        var data = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(photos), testFraction: 0.2);
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.LoadImages("Image", null, "Path")).Append(mlContext.Transforms.ResizeImages("Image", 32, 32))
            .Append(mlContext.MulticlassClassification.Trainers.ConvNet("Label", "Image", (input, classes) => input
                .Conv(32, 3, padding: 1).Relu().MaxPool(2).Conv(64, 3, padding: 1).Relu().MaxPool(2)
                .Flatten().Dropout(0.5f).Dense(classes).Softmax(), epoch: 10))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(data.TrainSet);
        mlContext.Model.SaveAtomically(model, data.TrainSet.Schema, "flowers.zip");
        Console.WriteLine(mlContext.MulticlassClassification.Evaluate(model.Transform(data.TestSet)).MicroAccuracy);
        // </readme>
    }
}

// <readme>
internal sealed class Photo { public string Path { get; set; } = ""; public string Label { get; set; } = ""; }
// </readme>
