using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Data.Augmentation;

/// <summary>The operations and magnitudes of the two policies by the tables of their papers.</summary>
[TestClass]
public sealed class AugmentationPolicyTests
{
    private const int Height = 100;
    private const int Width = 331;

    // The ranges of AutoAugment (Cubuk et al., 2018, table 6), which RandAugment goes through from the weak end to the strong one, on an image
    // as wide as theirs; at M = 0, at the middle of 31 and at the last.
    [TestMethod]
    [DataRow("ShearX", 0, 0.15, 0.3)]
    [DataRow("ShearY", 0, 0.15, 0.3)]
    [DataRow("TranslateX", 0, 75, 150)]
    [DataRow("TranslateY", 0, 22.6586, 45.3172)]
    [DataRow("Rotate", 0, 15, 30)]
    [DataRow("Brightness", 0, 0.45, 0.9)]
    [DataRow("Color", 0, 0.45, 0.9)]
    [DataRow("Contrast", 0, 0.45, 0.9)]
    [DataRow("Sharpness", 0, 0.45, 0.9)]
    [DataRow("Posterize", 8, 6, 4)]
    [DataRow("Solarize", 255, 127.5, 0)]
    public void RandAugment_has_the_magnitudes_of_the_table(string operation, double weakest, double middle, double strongest) =>
        AssertMagnitudes(new RandAugment(), Enum.Parse<PolicyOperation>(operation), [weakest, middle, strongest]);

    // Müller and Hutter, 2021, table 1, "wide".
    [TestMethod]
    [DataRow("ShearX", 0, 0.495, 0.99)]
    [DataRow("ShearY", 0, 0.495, 0.99)]
    [DataRow("TranslateX", 0, 16, 32)]
    [DataRow("TranslateY", 0, 16, 32)]
    [DataRow("Rotate", 0, 67.5, 135)]
    [DataRow("Brightness", 0, 0.495, 0.99)]
    [DataRow("Color", 0, 0.495, 0.99)]
    [DataRow("Contrast", 0, 0.495, 0.99)]
    [DataRow("Sharpness", 0, 0.495, 0.99)]
    [DataRow("Posterize", 8, 5, 2)]
    [DataRow("Solarize", 255, 127.5, 0)]
    public void TrivialAugment_has_the_magnitudes_of_the_wide_table(string operation, double weakest, double middle, double strongest) =>
        AssertMagnitudes(new TrivialAugment(), Enum.Parse<PolicyOperation>(operation), [weakest, middle, strongest]);

    [TestMethod]
    public void The_fourteen_operations_are_equally_likely_and_half_of_those_with_a_direction_are_turned()
    {
        const int Samples = 14_000;
        int[] counts = new int[14];
        int[] turned = new int[14];
        int twos = 0;
        HashSet<float> turns = [];
        Span<PolicyStep> steps = stackalloc PolicyStep[8];
        for (uint sample = 0; sample < Samples; sample++)
        {
            RandomStream random = new(1, RandomPurpose.Augmentation, 0, sample);
            Assert.AreEqual(1, new TrivialAugment().Draw(ref random, Height, Width, steps));
            counts[(int)steps[0].Operation]++;
            turned[(int)steps[0].Operation] += steps[0].Magnitude < 0 ? 1 : 0;
            if (steps[0].Operation == PolicyOperation.Rotate)
            {
                _ = turns.Add(Math.Abs(steps[0].Magnitude));
            }

            random = new(1, RandomPurpose.Augmentation, 1, sample);
            Assert.AreEqual(2, new RandAugment().Draw(ref random, Height, Width, steps));
            twos += steps[0].Operation == steps[1].Operation ? 1 : 0;
        }

        string[] signed = ["ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate", "Brightness", "Color", "Contrast", "Sharpness"];
        for (int i = 0; i < 14; i++)
        {
            Assert.AreEqual(1000, counts[i], 4 * Math.Sqrt(1000));

            // One of 31 magnitudes is 0, which has no direction.
            double expected = signed.Contains(((PolicyOperation)i).ToString()) ? 0.5 * 30 / 31 * counts[i] : 0;
            Assert.AreEqual(expected, turned[i], 4 * Math.Sqrt(250));
        }

        Assert.AreEqual(1000, twos, 4 * Math.Sqrt(1000));
        Assert.HasCount(31, turns);
    }

    [TestMethod]
    public void RandAugment_draws_all_operations_with_the_strength_that_is_set()
    {
        PolicyStep[] steps = new PolicyStep[8];
        for (uint sample = 0; sample < 200; sample++)
        {
            RandomStream random = new(1, RandomPurpose.Augmentation, 0, sample);
            Assert.AreEqual(3, new RandAugment { Operations = 3, Magnitude = 12 }.Draw(ref random, Height, Width, steps));
            foreach (PolicyStep step in steps.Take(3).Where(step => step.Operation == PolicyOperation.Rotate))
            {
                Assert.AreEqual(12, Math.Abs(step.Magnitude), 1e-5);
            }
        }
    }

    private static void AssertMagnitudes(AugmentationPolicy policy, PolicyOperation operation, double[] expected)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], policy.MagnitudeOf(operation, i / 2f, Height, Width), 1e-3);
        }
    }
}
