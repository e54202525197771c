using Microsoft.ML.ConvNet.Onnx.Tests.Data;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Conformance;

[TestClass]
public sealed class ProbeTests
{
    [TestMethod]
    public void Probe()
    {
        List<string> lines = [];
        foreach (ConformanceCase item in ConformanceCase.All(TestData.Folder("onnx")))
        {
            string? failure;
            try
            {
                failure = item.Failure();
            }
            catch (Exception e)
            {
                failure = "CRASH " + e;
            }

            lines.Add($"{(failure is null ? "PASS" : "FAIL")}\t{item.FullName}\t{failure}");
        }

        File.WriteAllLines("/tmp/wk/onnx-artifacts/probe.txt", lines);
    }
}
