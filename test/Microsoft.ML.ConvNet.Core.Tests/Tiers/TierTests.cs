using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Core.Tests.Tiers;

/// <summary>
/// Runs the kernel tests and the layer contract again on every narrower tier, in processes where the runtime's switches hide the wider
/// instructions, and compares what the tiers compute. On .NET 8 the layer contract only.
/// </summary>
[TestClass]
public class TierTests
{
    private const double Tolerance = 2e-4;

    // The kernels' own tests run in every tier on one runtime; on another, all of them in the widest tier and what is made of them in the others.
    private const int NewestRuntime = 10;
    private const string KernelTests = "|FullyQualifiedName~.Tests.Kernels.";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    // Computed once for all tiers.
    private static readonly Lazy<double[]> Expected = new(() => DistinctNumbers.ToDoubles(TierProbe.FixedOutputs()));

    [TestMethod]
    public void Without_AVX_512_all_kernels_and_layers_hold_on_256_bits()
    {
        if (SimdTier.Width < Simd512.Width && !Avx2.IsSupported)
        {
            Assert.Inconclusive("This processor has no AVX2.");
        }

        AssertTier("Vector256", "DOTNET_EnableAVX512", "DOTNET_EnableAVX512F");
    }

    [TestMethod]
    public void Without_AVX2_all_kernels_and_layers_hold_on_128_bits()
    {
        if (!X86Base.IsSupported)
        {
            Assert.Inconclusive("This processor has 128 bits in any case.");
        }

        AssertTier("Vector128", "DOTNET_EnableAVX2");
    }

    [TestMethod]
    public void Without_vector_instructions_all_kernels_and_layers_hold() => AssertTier("Scalar", "DOTNET_EnableHWIntrinsic");

    private static void AssertTier(string tier, params string[] switchedOff)
    {
        if (Environment.GetEnvironmentVariable(TierProbe.ExpectedTier) != null)
        {
            Assert.Inconclusive("This is a process that the tier tests started.");
        }

        string folder = Directory.CreateTempSubdirectory("convnet-tier-").FullName;
        try
        {
            string outputs = Path.Combine(folder, "outputs.bin");
            TestRunResults results = TestRunResults.Run(
                folder,
                "FullyQualifiedName~.TierProbe.|FullyQualifiedName~.LayerContract.Inference|FullyQualifiedName~.LayerContract.Training"
                + $"|FullyQualifiedName~.LayerContract.A_sample{(Environment.Version.Major >= NewestRuntime ? KernelTests : string.Empty)}",
                new Dictionary<string, string>(switchedOff.Select(name => KeyValuePair.Create(name, "0")))
                {
                    [TierProbe.ExpectedTier] = tier,
                    [TierProbe.OutputFile] = outputs,
                },
                Patience);
            Assert.IsEmpty(results.Failures, $"On {tier}:\n{string.Join('\n', results.Failures)}");
            Assert.IsTrue(results.Passed > 100, $"On {tier} only {results.Passed} tests ran.");
            Assert.AreEqual(
                Environment.Version.Major >= NewestRuntime,
                results.PassedNames.Any(name => name.Contains("Tests.Kernels.Convolution.ConvolutionTests", StringComparison.Ordinal)), "the kernels' tests");
            foreach (string part in new[] { "The_tier_is_the_one_that_was_asked_for", "LayerContract.Training" })
            {
                Assert.IsTrue(results.PassedNames.Any(name => name.Contains(part, StringComparison.Ordinal)), $"{part} did not run on {tier}.");
            }

            AssertSameNumbers(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(outputs)), tier);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertSameNumbers(ReadOnlySpan<float> fromTier, string tier) => Closeness.AssertClose(
        Expected.Value, fromTier, Tolerance, $"{tier} against {SimdTier.Name}");
}
