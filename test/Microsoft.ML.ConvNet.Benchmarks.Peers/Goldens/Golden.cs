namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Goldens;

/// <summary>Numbers that PyTorch computes and that a test expects.</summary>
/// <param name="Name">What the command calls them.</param>
/// <param name="File">The file of the tests that holds them.</param>
/// <param name="Write">Writes them, in double precision, as the lines that stand in that file.</param>
internal sealed record Golden(string Name, string File, Action<TextWriter> Write);
