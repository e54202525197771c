using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Networks;

/// <content>More functions of each element, and normalisations of a sample.</content>
public sealed partial class SymbolicTensor
{
    /// <inheritdoc cref="SELU"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Selu(string? name = null) => Apply(new SELU(), name);

    /// <inheritdoc cref="CELU"/>
    /// <param name="alpha">What it tends to, negated, for negative arguments; over 0.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Celu(float alpha = 1f, string? name = null) => Apply(new CELU(alpha), name);

    /// <inheritdoc cref="Layers.HardSigmoid"/>
    /// <param name="alpha">The slope of the piece in the middle.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor HardSigmoid(float alpha = 1f / 6f, string? name = null) => Apply(new HardSigmoid(alpha), name);

    /// <inheritdoc cref="Layers.HardSwish"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor HardSwish(string? name = null) => Apply(new HardSwish(), name);

    /// <inheritdoc cref="Layers.Mish"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Mish(string? name = null) => Apply(new Mish(), name);

    /// <inheritdoc cref="Layers.Softsign"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Softsign(string? name = null) => Apply(new Softsign(), name);

    /// <inheritdoc cref="Layers.Erf"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Erf(string? name = null) => Apply(new Erf(), name);

    /// <inheritdoc cref="ThresholdedReLU"/>
    /// <param name="alpha">The least argument that passes, itself excluded.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor ThresholdedRelu(float alpha = 1f, string? name = null) => Apply(new ThresholdedReLU(alpha), name);

    /// <inheritdoc cref="ClippedReLU"/>
    /// <param name="maximum">The greatest output, over 0.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor ClippedRelu(float maximum, string? name = null) => Apply(new ClippedReLU(maximum), name);

    /// <summary>min(max(x, 0), 6), the ReLU6 of MobileNet: a <see cref="ClippedReLU"/>.</summary>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Relu6(string? name = null) => Apply(new ClippedReLU(), name);

    /// <inheritdoc cref="PReLU"/>
    /// <param name="shared">Whether all channels have the same weight.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Prelu(bool shared = false, string? name = null) => Apply(new PReLU { Shared = shared }, name);

    /// <inheritdoc cref="Layers.LogSoftmax"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor LogSoftmax(string? name = null) => Apply(new LogSoftmax(), name);

    /// <inheritdoc cref="Layers.Exp"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Exp(string? name = null) => Apply(new Exp(), name);

    /// <inheritdoc cref="Layers.Log"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Log(string? name = null) => Apply(new Log(), name);

    /// <inheritdoc cref="Layers.Sqrt"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Sqrt(string? name = null) => Apply(new Sqrt(), name);

    /// <inheritdoc cref="Layers.Negate"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Negate(string? name = null) => Apply(new Negate(), name);

    /// <inheritdoc cref="Layers.Reciprocal"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Reciprocal(string? name = null) => Apply(new Reciprocal(), name);

    /// <inheritdoc cref="Layers.Abs"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Abs(string? name = null) => Apply(new Abs(), name);

    /// <inheritdoc cref="Layers.LocalResponseNorm"/>
    /// <param name="size">The number of channels that a sum is over.</param>
    /// <param name="alpha">The weight of the mean of the squares.</param>
    /// <param name="beta">The power that is divided by.</param>
    /// <param name="k">What is added to the mean of the squares, over 0.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor LocalResponseNorm(int size = 5, float alpha = 1e-4f, float beta = 0.75f, float k = 1, string? name = null) =>
        Apply(new LocalResponseNorm(size) { Alpha = alpha, Beta = beta, K = k }, name);

    /// <inheritdoc cref="Layers.InstanceNorm"/>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor InstanceNorm(float epsilon = 1e-5f, string? name = null) => Apply(new InstanceNorm { Epsilon = epsilon }, name);

    /// <inheritdoc cref="Layers.GroupNorm"/>
    /// <param name="groups">Into how many groups the channels are divided.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The groups do not divide the channels.</exception>
    public SymbolicTensor GroupNorm(int groups, float epsilon = 1e-5f, string? name = null) =>
        Apply(new GroupNorm(groups) { Epsilon = epsilon }, name);

    /// <inheritdoc cref="Layers.Scale"/>
    /// <param name="factor">The number, at least 0.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The factor is negative or not finite.</exception>
    public SymbolicTensor Scale(float factor, string? name = null) => Apply(new Scale(factor), name);
}
