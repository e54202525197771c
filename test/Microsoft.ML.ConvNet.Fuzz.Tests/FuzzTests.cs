using Microsoft.ML.ConvNet.Fuzz.Tests.Running;
using Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

namespace Microsoft.ML.ConvNet.Fuzz.Tests;

/// <summary>The first inputs of every target; <c>build/fuzz.sh --minutes N</c> runs as many as there is time for.</summary>
[TestClass]
public sealed class FuzzTests
{
    private const int Inputs = 300;

    public static IEnumerable<object[]> Targets => FuzzTarget.All.Select(target => new object[] { target.Name });

    [TestMethod]
    [DynamicData(nameof(Targets))]
    public void What_comes_from_outside_is_taken_or_refused_with_a_reason(string name)
    {
        FuzzTarget target = FuzzTarget.All.First(known => known.Name == name);
        int taken = 0;
        for (int number = 0; number < Inputs; number++)
        {
            Assert.IsNull(InputRun.Run(target, number, out bool wasTaken), $"{name} {number}");
            taken += wasTaken ? 1 : 0;
        }

        // A corpus of which all is refused at the door tests only the door.
        Assert.IsGreaterThan(Inputs / 50, taken);
    }
}
