// consumer train MODEL: trains on bars, evaluates, saves; consumer predict MODEL: loads and predicts. Both print the scores' bits.
using Microsoft.ML;
using Microsoft.ML.Data;

if (args is not [("train" or "predict") and var verb, var path])
{
    Console.Error.WriteLine("Usage: consumer train|predict MODEL");
    return 2;
}

MLContext mlContext = new(seed: 1);
ITransformer model = verb == "train" ? Train(mlContext, path) : mlContext.Model.Load(path, out _);
IDataView scored = model.Transform(mlContext.Data.LoadFromEnumerable(Bars.Draw(20, seed: 2)));
foreach (float[] scores in scored.GetColumn<float[]>("Score"))
{
    Console.WriteLine(string.Join(' ', scores.Select(BitConverter.SingleToUInt32Bits)));
}

return 0;

static ITransformer Train(MLContext mlContext, string path)
{
    IDataView data = mlContext.Data.LoadFromEnumerable(Bars.Draw(120, seed: 1));
    var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
        .Append(mlContext.MulticlassClassification.Trainers.ConvNet("Label", "Pixels", (input, classes) => input
            .Conv(6, 3).Relu().MaxPool(2).Flatten().Dense(classes).Softmax(), epoch: 10, batchSize: 16, learningRate: 0.01f))
        .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    ITransformer model = pipeline.Fit(data);
    mlContext.Model.Save(model, data.Schema, path);
    IDataView unseen = model.Transform(mlContext.Data.LoadFromEnumerable(Bars.Draw(60, seed: 3)));
    double accuracy = mlContext.MulticlassClassification.Evaluate(unseen).MicroAccuracy;
    Console.Error.WriteLine($"Accuracy {accuracy:0.000}");
    return accuracy > 0.9 ? model : throw new InvalidOperationException($"The network has not learned: accuracy {accuracy}.");
}

/// <summary>A grey image of 8x8 with a bright bar, and whether the bar lies or stands.</summary>
internal sealed class Bars
{
    [VectorType(64)]
    public float[] Pixels { get; set; } = [];

    public string Label { get; set; } = "";

    public static IEnumerable<Bars> Draw(int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            bool lies = i % 2 == 0;
            int place = random.Next(1, 7);
            float[] pixels = [.. Enumerable.Range(0, 64).Select(at => (lies ? at / 8 : at % 8) == place ? 200f : random.Next(60))];
            yield return new Bars { Pixels = pixels, Label = lies ? "lying" : "standing" };
        }
    }
}
