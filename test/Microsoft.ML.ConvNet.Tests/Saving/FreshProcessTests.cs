using Microsoft.ML.ConvNet.Tests.Rows;

namespace Microsoft.ML.ConvNet.Tests.Saving;

[TestClass]
public sealed class FreshProcessTests
{
    [TestMethod]
    public void A_fresh_process_loads_the_model_without_any_registration_and_scores_to_the_same_bits()
    {
        using TemporaryFile file = new();
        MLContext context = new(seed: 1);
        IDataView data = context.Data.LoadFromEnumerable(BarImages.Create(60));
        var model = context.Transforms.Conversion.MapValueToKey("Label")
            .Append(context.MulticlassClassification.Trainers.ConvNet(BarModels.Options()))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        context.Model.Save(model, data.Schema, file.Name);
        CollectionAssert.AreEqual(FreshProcess.Score(context, model, 8).ToArray(), FreshProcess.Run(file.Name, 8));
    }
}
