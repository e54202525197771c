using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning;

/// <summary>Where buffers lie in an arena: as a search through all buffers places them, the largest first, each as low as it can lie.</summary>
[TestClass]
public class ArenaLayoutTests
{
    [TestMethod]
    public void Buffers_of_random_plans_lie_where_a_search_through_all_of_them_puts_them()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            foreach (Network network in new[] { RandomNetwork.Create(seed), RandomArrayNetwork.Create(seed) })
            {
                AssertLowest(Planner.ForInference(network, PlanOptions.Default), $"seed {seed}, inference");
                AssertLowest(
                    Planner.ForTraining(network, new MeanSquares(), PlanOptions.Default, isFrozen: null, inputGradient: true), $"seed {seed}, training");
            }
        }
    }

    [TestMethod]
    public void Places_that_are_taken_at_random_times_are_found_taken_at_these_times_only()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            RandomStream random = new(seed, RandomPurpose.Synthesis);
            int steps = 1 + random.NextIndex(40);
            ArenaOccupancy occupancy = new(steps);
            List<(int First, int Last, nint From, nint To)> taken = [];
            for (int i = 0; i < 200; i++)
            {
                int first = random.NextIndex(steps);
                int last = first + random.NextIndex(steps - first);
                nint size = 1 + random.NextIndex(9);
                nint expected = LowestFree(taken, first, last, size);
                Assert.AreEqual(expected, occupancy.LowestFree(first, last, size), $"seed {seed}, {i}: {size} in steps {first} to {last}");

                // Not always the lowest, so that there are gaps.
                nint at = LowestFree(taken, first, last, size + random.NextIndex(20));
                occupancy.Take(first, last, at, size);
                taken.Add((first, last, at, at + size));
            }
        }
    }

    private static void AssertLowest(Plan plan, string what)
    {
        const int Batch = 3;
        ArenaLayout layout = new(plan, Batch);
        List<(int First, int Last, nint From, nint To)> taken = [];
        var buffers = plan.Buffers.Select((buffer, index) => (Buffer: buffer, Index: index, Length: buffer.Length(Batch)))
            .Where(entry => entry.Buffer.Kind == PlanBufferKind.Arena && entry.Buffer.LastStep >= 0 && entry.Length > 0)
            .OrderByDescending(entry => entry.Length)
            .ToArray();
        foreach ((PlanBuffer buffer, int index, nint length) in buffers)
        {
            nint size = (length + 15) / 16 * 16;
            nint at = LowestFree(taken, buffer.FirstStep, buffer.LastStep, size);
            Assert.AreEqual(at, layout.Offsets[index], $"{what}, {buffer}");
            taken.Add((buffer.FirstStep, buffer.LastStep, at, at + size));
        }

        Assert.AreEqual(taken.Select(place => place.To).DefaultIfEmpty(0).Max(), layout.Length, what);
    }

    private static nint LowestFree(List<(int First, int Last, nint From, nint To)> taken, int first, int last, nint size)
    {
        nint at = 0;
        foreach ((_, _, nint from, nint to) in taken.Where(place => place.First <= last && first <= place.Last).OrderBy(place => place.From))
        {
            if (from - at >= size)
            {
                break;
            }

            at = nint.Max(at, to);
        }

        return at;
    }
}
