namespace Microsoft.ML.ConvNet.Layers;

/// <summary>What a parameter holds before training.</summary>
public enum Initialization
{
    /// <summary>
    /// Normal with variance 2 / fan-in (He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015): for layers before a rectifier.
    /// </summary>
    HeNormal,

    /// <summary>Uniform in [-a, a] with a = sqrt(6 / fan-in) (He et al., 2015).</summary>
    HeUniform,

    /// <summary>
    /// Normal with variance 2 / (fan-in + fan-out) (Glorot and Bengio, "Understanding the difficulty of training deep feedforward
    /// neural networks", 2010): for layers before tanh, sigmoid or softmax.
    /// </summary>
    GlorotNormal,

    /// <summary>Uniform in [-a, a] with a = sqrt(6 / (fan-in + fan-out)) (Glorot and Bengio, 2010).</summary>
    GlorotUniform,

    /// <summary>All zeros.</summary>
    Zeros,

    /// <summary>All ones.</summary>
    Ones,
}
