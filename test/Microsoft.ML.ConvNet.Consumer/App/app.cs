#!/usr/bin/env dotnet
#:package Microsoft.ML.ConvNet@*-*
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.Data;

// A program in one file: is the left or the right half of a picture of 6x6 the brighter one?
var mlContext = new MLContext(seed: 1);
var random = new Random(1);
var pictures = Enumerable.Range(0, 200).Select(i => new Picture
{
    Pixels = [.. Enumerable.Range(0, 36).Select(at => random.NextSingle() + (at % 6 / 3 == i % 2 ? 1 : 0))],
    Side = i % 2 == 0 ? "left" : "right",
}).ToArray();
var data = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(pictures), testFraction: 0.25);
var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Picture.Side))
    .Append(mlContext.MulticlassClassification.Trainers.ConvNet("Label", nameof(Picture.Pixels),
        Network.Input(6, 6, 1).Conv(4, 3).Relu().Flatten().Dense(2).Softmax(), epoch: 10, batchSize: 16, learningRate: 0.01f))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
var model = pipeline.Fit(data.TrainSet);
var accuracy = mlContext.MulticlassClassification.Evaluate(model.Transform(data.TestSet)).MicroAccuracy;
mlContext.Model.Save(model, data.TrainSet.Schema, "app.zip");

var engine = mlContext.Model.CreatePredictionEngine<Picture, Answer>(mlContext.Model.Load("app.zip", out _));
var answer = engine.Predict(pictures[0]).PredictedLabel;
Console.WriteLine($"Accuracy {accuracy:0.00}; the first picture is brighter on the {answer}.");
return accuracy > 0.9 && answer == "left" ? 0 : 1;

class Picture
{
    [VectorType(36)]
    public float[] Pixels { get; set; } = [];

    public string Side { get; set; } = "";
}

class Answer
{
    public string PredictedLabel { get; set; } = "";
}
