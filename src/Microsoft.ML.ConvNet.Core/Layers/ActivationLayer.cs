using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>A layer that applies a function to every element; the output has the input's shape.</summary>
public abstract record ActivationLayer : Layer
{
    /// <summary>The function.</summary>
    internal abstract ActivationFunction Function { get; }

    /// <summary>Whether the function's parameter is over 0; else it is at least 0.</summary>
    private protected virtual bool ParameterIsPositive => false;

    internal sealed override Shape InferShape(LayerContext context)
    {
        float parameter = Function.Alpha;
        if (!(parameter is >= 0 and < float.PositiveInfinity) || (ParameterIsPositive && parameter == 0))
        {
            throw context.Error(FormattableString.Invariant(
                $"its parameter is a finite number {(ParameterIsPositive ? "over" : "of at least")} 0. Received: {parameter}."));
        }

        return context.Input;
    }

    internal sealed override OpValue Lower(LoweringContext context) => context.Emit(new ActivationOp(Function, context.OutputShape));
}
