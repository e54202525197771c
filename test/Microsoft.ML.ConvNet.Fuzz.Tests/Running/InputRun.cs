using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Running;

/// <summary>Gives one input to a target and says what was wrong with what followed.</summary>
internal static class InputRun
{
    /// <summary>The longest that an input may take, in seconds.</summary>
    public const int MostSeconds = 10;

    /// <summary>Runs an input.</summary>
    /// <param name="target">The target.</param>
    /// <param name="number">The number of the input.</param>
    /// <param name="wasTaken">Whether the product took it.</param>
    /// <returns>What was wrong; null for nothing.</returns>
    public static string? Run(FuzzTarget target, int number, out bool wasTaken)
    {
        wasTaken = false;
        long before = ProcessMemory.Begin();
        long start = Stopwatch.GetTimestamp();
        try
        {
            wasTaken = target.Try(number);
        }
#pragma warning disable CA1031 // Whatever it is, it is a finding, and the next input follows.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.ToString();
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long grown = ProcessMemory.Peak() - before;
        return seconds > MostSeconds ? string.Create(CultureInfo.InvariantCulture, $"It took {seconds:0.0} seconds.")
            : grown > target.MostMemory ? string.Create(CultureInfo.InvariantCulture, $"The process grew by {grown:N0} bytes.")
            : null;
    }
}
