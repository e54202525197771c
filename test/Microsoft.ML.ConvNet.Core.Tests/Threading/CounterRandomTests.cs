using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Threading;

/// <summary>
/// Philox4x32-10 against the known answers that its authors publish with their paper (Salmon, Moraes, Dror and Shaw, 2011): keys and counters
/// of all zeros, of all ones, and of the digits of pi.
/// </summary>
[TestClass]
public class CounterRandomTests
{
    [TestMethod]
    public void Zeros_give_the_published_words() => Assert.AreEqual(
        (0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), CounterRandom.Block(0, 0, 0, 0, 0));

    [TestMethod]
    public void Ones_give_the_published_words() => Assert.AreEqual(
        (0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
        CounterRandom.Block(ulong.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue));

    [TestMethod]
    public void The_digits_of_pi_give_the_published_words() => Assert.AreEqual(
        (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
        CounterRandom.Block(0x299f31d0_a4093822, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));

    [TestMethod]
    public void Unit_numbers_are_at_least_zero_and_less_than_one()
    {
        Assert.AreEqual(0f, CounterRandom.ToUnit(0));
        Assert.IsLessThan(1f, CounterRandom.ToUnit(uint.MaxValue));
        Assert.AreEqual(0.5f, CounterRandom.ToUnit(0x80000000));
    }

    [TestMethod]
    public void A_stream_is_the_words_of_successive_blocks()
    {
        RandomStream stream = new(5, RandomPurpose.Shuffling, 7, 9);
        for (uint block = 0; block < 3; block++)
        {
            (uint a, uint b, uint c, uint d) = CounterRandom.Block(5, block, (uint)RandomPurpose.Shuffling, 7, 9);
            Assert.AreEqual((a, b, c, d), (stream.NextWord(), stream.NextWord(), stream.NextWord(), stream.NextWord()));
        }
    }

    [TestMethod]
    public void Streams_of_different_purposes_seeds_and_indices_differ()
    {
        uint[] first =
        [
            First(1, RandomPurpose.Shuffling, 0, 0),
            First(2, RandomPurpose.Shuffling, 0, 0),
            First(1, RandomPurpose.Splitting, 0, 0),
            First(1, RandomPurpose.Shuffling, 1, 0),
            First(1, RandomPurpose.Shuffling, 0, 1),
        ];
        Assert.AreEqual(first.Length, first.Distinct().Count());

        static uint First(ulong seed, RandomPurpose purpose, uint index0, uint index1) =>
            new RandomStream(seed, purpose, index0, index1).NextWord();
    }

    [TestMethod]
    public void Indices_are_uniform()
    {
        RandomStream stream = new(1, RandomPurpose.Synthesis);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[stream.NextIndex(7)]++;
        }

        // Four standard deviations of the binomial distribution: 4 sqrt(70000 / 7 * 6 / 7).
        Assert.IsTrue(counts.All(count => Math.Abs(count - 10_000) < 371), string.Join(", ", counts));
    }

    [TestMethod]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        RandomStream stream = new(1, RandomPurpose.Synthesis);
        double[] numbers = new double[100_000];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = stream.NextNormal();
        }

        Assert.AreEqual(0, numbers.Average(), 0.013);
        Assert.AreEqual(1, numbers.Average(number => number * number), 0.018);
        Assert.AreEqual(3, numbers.Average(number => Math.Pow(number, 4)), 0.13);
        Assert.IsTrue(numbers.All(double.IsFinite));
    }

    [TestMethod]
    public void A_shuffle_keeps_every_element_and_reaches_every_order()
    {
        HashSet<string> orders = [];
        for (uint i = 0; i < 200; i++)
        {
            char[] letters = ['a', 'b', 'c', 'd'];
            RandomStream stream = new(3, RandomPurpose.Shuffling, i);
            stream.Shuffle(letters.AsSpan());
            orders.Add(new string(letters));
            Array.Sort(letters);
            Assert.AreEqual("abcd", new string(letters));
        }

        Assert.HasCount(24, orders);
    }
}
