namespace Microsoft.ML.ConvNet.Ops;

/// <summary>Neighbouring channels of a tensor [N, H, W, C].</summary>
/// <param name="First">The first channel.</param>
/// <param name="Total">The channels of the tensor.</param>
internal sealed record ChannelSlice(int First, int Total);
