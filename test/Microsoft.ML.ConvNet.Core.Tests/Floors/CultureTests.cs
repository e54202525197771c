using System.Globalization;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Core.Tests.Floors;

/// <summary>Numbers in messages are the same whatever the culture.</summary>
[TestClass]
public class CultureTests
{
    private readonly double _number = -0.5;

    [TestMethod]
    public void No_text_of_the_engine_has_a_number_that_follows_the_culture() =>
        Assert.AreEqual(string.Empty, string.Join("\n", CultureUses.Of(typeof(Network).Assembly)));

    [TestMethod]
    public void The_rule_sees_numbers_in_interpolated_strings_and_joined_ones_and_lets_others_pass()
    {
        string[] found = [.. CultureUses.Of(typeof(CultureTests).Assembly).Where(name => name.Contains(nameof(CultureTests), StringComparison.Ordinal))];
        CollectionAssert.AreEquivalent(
            new[] { nameof(Interpolated), nameof(Joined) }, found.Select(name => name[(name.LastIndexOf('.') + 1)..]).ToArray());
        Assert.AreNotEqual(string.Empty, Interpolated() + Joined() + Invariant() + Text());
    }

    private string Interpolated() => $"Received: {_number}.";

    private string Joined() => string.Join(", ", new List<double> { _number });

    private string Invariant() => FormattableString.Invariant($"{_number}") + string.Create(CultureInfo.InvariantCulture, $"{_number}");

    private string Text() => $"{_number.ToString(CultureInfo.InvariantCulture)} {GetType()} {DayOfWeek.Friday}";
}
