namespace Microsoft.ML.ConvNet.Ops;

/// <summary>An op at its place in the graph.</summary>
/// <param name="Op">What is computed.</param>
/// <param name="Inputs">What it reads: its operands, then the layer's parameters.</param>
/// <param name="Output">What it writes.</param>
/// <param name="Name">The layer that it belongs to.</param>
internal sealed record OpNode(Op Op, IReadOnlyList<OpValue> Inputs, OpValue Output, string Name);
