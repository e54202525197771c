namespace Microsoft.ML.ConvNet.Benchmarks.Start;

/// <summary>What a process had done when it had made its first prediction.</summary>
/// <param name="Milliseconds">The time since it was started, as the one who started it sees it.</param>
/// <param name="Methods">How many methods the JIT had compiled.</param>
/// <param name="JitMilliseconds">The time that this took, on all threads.</param>
/// <param name="Hash">A hash of the scores.</param>
internal sealed record FirstPrediction(double Milliseconds, int Methods, double JitMilliseconds, string Hash);
