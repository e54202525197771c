using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <content>Multiplication with a number.</content>
internal static partial class LayerRegistrations
{
    private static LayerRegistration[] Scales =>
    [
        Of<Scale>(
            layer => Function(x => layer.Factor * x, _ => layer.Factor),
            [(Image, new Scale(0.17f)), (Image, new Scale(2.5f)), ("35", new Scale(0)), ("7", new Scale())],
            [(Image, new Scale(-1)), (Image, new Scale(float.NaN)), (Image, new Scale(float.PositiveInfinity))]),
    ];
}
