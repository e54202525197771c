using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>An op whose kernels can read an operand that is the same for all samples from the parameter itself.</summary>
internal interface IConstantReader
{
    /// <summary>Whether an input may be a parameter.</summary>
    bool CanReadParameter(int input);

    /// <summary>The shape under which an input is read.</summary>
    Shape ParameterShape(int input);

    /// <summary>An op that computes the same from an input that is a parameter, one tensor for all samples.</summary>
    Op WithParameter(int input);
}
