namespace Microsoft.ML.ConvNet.Ops;

/// <summary>An op whose kernel can add a bias and a residual and apply a function to its output before storing it.</summary>
internal interface IFusibleOp
{
    /// <summary>Whether a bias is added.</summary>
    bool HasBias { get; }

    /// <summary>Whether another activation is added.</summary>
    bool HasResidual { get; }

    /// <summary>The function applied last; null for none.</summary>
    ActivationFunction? Activation { get; }

    /// <summary>The same op with a function applied last.</summary>
    Op WithActivation(ActivationFunction activation);

    /// <summary>The same op with another activation added.</summary>
    Op WithResidual();

    /// <summary>The same op with a bias.</summary>
    Op WithBias();

    /// <summary>What is fused, for a printed plan.</summary>
    static string Describe(IFusibleOp op) =>
        (op.HasBias ? " + bias" : string.Empty)
        + (op.HasResidual ? " + residual" : string.Empty)
        + (op.Activation is { } activation ? $" + {activation.Name}" : string.Empty);
}
