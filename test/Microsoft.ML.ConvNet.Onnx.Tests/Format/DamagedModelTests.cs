using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Onnx.Tests.Conformance;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Format;

/// <summary>Models with bytes changed at random are imported or refused, and nothing else happens.</summary>
[TestClass]
public sealed class DamagedModelTests
{
    private const int ModelsStep = 5;
    private const int TrialsAModel = 40;
    private const int LargestFile = 100_000;

    [TestMethod]
    public void A_model_with_changed_bytes_is_imported_or_refused_with_a_reason()
    {
        Random random = new(7);
        int refused = 0;
        int imported = 0;
        IReadOnlyList<ConformanceCase> cases = ConformanceCase.All(TestData.Folder("onnx"));
        for (int i = 0; i < cases.Count; i += ModelsStep)
        {
            byte[] file = File.ReadAllBytes(Path.Combine(cases[i].Path, "model.onnx"));
            for (int trial = 0; trial < TrialsAModel && file.Length < LargestFile; trial++)
            {
                byte[] damaged = [.. file];
                for (int change = 0; change <= trial % 4; change++)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                try
                {
                    OnnxModel.Load(new MemoryStream(damaged)).Import().Dispose();
                    imported++;
                }
                catch (Exception exception) when (exception is ModelFormatException or OnnxImportException)
                {
                    Assert.IsFalse(string.IsNullOrEmpty(exception.Message));
                    refused++;
                }
                catch (Exception exception)
                {
                    throw new InvalidOperationException(
                        $"{cases[i].FullName}, trial {trial}: {exception.GetType().Name}: {exception.Message}", exception);
                }
            }
        }

        Assert.IsGreaterThan(500, refused);
        Assert.IsGreaterThan(100, imported);
    }
}
