using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Running;

/// <summary>
/// Runs the inputs of every target in turn, each in a process of its own, for as many minutes as are asked for: one that dies or hangs is a finding,
/// and is started again behind the input that did it.
/// </summary>
internal static class LongRun
{
    private const double SliceSeconds = 60;
    private const int NumbersOfATarget = 100_000_000;

    /// <summary>Runs: <c>[--minutes N] [--target NAME] [--first NUMBER]</c>; without minutes the input of that number alone.</summary>
    public static int Run(string[] options)
    {
        Dictionary<string, string> given = options.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        FuzzTarget[] targets = [.. FuzzTarget.All.Where(target => !given.TryGetValue("--target", out string? name) || target.Name == name)];
        string[] known = ["--minutes", "--target", "--first"];
        if (options.Length % 2 != 0 || given.Keys.Except(known).Any() || targets.Length == 0)
        {
            Console.Error.WriteLine(
                $"fuzz [--minutes N] [--target {string.Join('|', FuzzTarget.All.Select(target => target.Name))}] [--first NUMBER]. "
                + $"Received: {string.Join(' ', options)}");
            return 2;
        }

        int first = int.Parse(given.GetValueOrDefault("--first", "0"), CultureInfo.InvariantCulture);
        if (!given.TryGetValue("--minutes", out string? minutes))
        {
            return RunOne(targets[0], first);
        }

        return RunAll(targets, first, TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)));
    }

    private static int RunOne(FuzzTarget target, int number)
    {
        string? wrong = InputRun.Run(target, number, out bool wasTaken);
        Console.WriteLine($"{target.Name} {number}: {wrong ?? (wasTaken ? "taken" : "refused")}");
        return wrong == null ? 0 : 1;
    }

    private static int RunAll(FuzzTarget[] targets, int first, TimeSpan time)
    {
        Dictionary<FuzzTarget, int> next = targets.ToDictionary(target => target, _ => first);
        int findings = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            foreach (FuzzTarget target in targets)
            {
                double left = (time - Stopwatch.GetElapsedTime(start)).TotalSeconds;
                if (left <= 0)
                {
                    break;
                }

                Slice slice = Slice.Run(target, next[target], Math.Min(SliceSeconds, left));
                int count = slice.Next - next[target];
                next[target] = slice.Next % NumbersOfATarget;
                findings += slice.Findings;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Stopwatch.GetElapsedTime(start).TotalMinutes,6:0.0} min  {target.Name,-14} inputs to {slice.Next:N0}: {count:N0}, of which {slice.Taken:N0} were taken"));
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{next.Values.Sum(number => (long)number - first):N0} inputs, {findings} findings"));
        return findings == 0 ? 0 : 1;
    }
}
