using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>The mean of the squares of output minus target: a loss for outputs of any shape.</summary>
internal sealed class MeanSquares : ILossFunction
{
    public bool ReplacesSoftmax => false;

    public LossOp Lower(Shape outputs) => new SquaredErrorLossOp(outputs.ElementCount);
}
