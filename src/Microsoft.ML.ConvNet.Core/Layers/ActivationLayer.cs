using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>A layer that applies a function to every element; the output has the input's shape.</summary>
public abstract record ActivationLayer : Layer
{
    /// <summary>The function.</summary>
    [JsonIgnore]
    internal abstract ActivationFunction Function { get; }

    internal sealed override Shape InferShape(LayerContext context) => Function.Alpha is >= 0 and < float.PositiveInfinity
        ? context.Input
        : throw context.Error(FormattableString.Invariant($"its parameter is a finite number of at least 0. Received: {Function.Alpha}."));

    internal sealed override OpValue Lower(LoweringContext context) => context.Emit(new ActivationOp(Function, context.OutputShape));
}
