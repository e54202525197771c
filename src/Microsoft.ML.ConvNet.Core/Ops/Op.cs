using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>Which values of the forward run an op's gradient reads again.</summary>
[Flags]
internal enum BackwardReads
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Its inputs.</summary>
    Inputs = 1,

    /// <summary>Its output.</summary>
    Output = 2,
}

/// <summary>
/// One operation that a plan executes: its cost, its kernel and its gradient. An op knows the shapes of one sample; the batch is
/// known only when it runs. Ops are immutable.
/// </summary>
internal abstract record Op
{
    /// <summary>What it is called in a printed plan.</summary>
    public abstract string Kind { get; }

    /// <summary>Which values its gradient reads.</summary>
    public virtual BackwardReads BackwardReads => BackwardReads.Inputs;

    /// <summary>The algorithm of the forward kernel, where the op has several to choose from.</summary>
    public virtual string? Algorithm => null;

    /// <summary>The algorithm of the kernel of the first input's gradient, where the op has several to choose from.</summary>
    public virtual string? BackwardAlgorithm => Algorithm;

    /// <summary>Whether the output may lie where the first input lies.</summary>
    public virtual bool CanRunInPlace => false;

    /// <summary>
    /// Whether the gradient of an input is the output's as the backward kernel leaves it, so that they may share their memory.
    /// </summary>
    public virtual bool PassesGradient(int input) => false;

    /// <summary>Whether it does nothing in inference, so that its input can stand for its output.</summary>
    public virtual bool IsIdentityInInference => false;

    /// <summary>
    /// Whether training moves numbers among the parameters by what a batch shows, beside those that have gradients: running statistics.
    /// </summary>
    public virtual bool MovesStatistics => false;

    /// <summary>Multiplications with addition a sample.</summary>
    public virtual long MultiplyAdds => 0;

    /// <summary>The floats of the parameters in the forward kernel's form; 0 where it reads them as they are.</summary>
    public virtual nint PreparedLength => 0;

    /// <summary>Whether the forward kernel reads the first parameter as it is although there is a packed form of it, too.</summary>
    public virtual bool ReadsParametersUnpacked => false;

    /// <summary>The floats of the parameters in the backward kernel's form, for the gradient of the first input.</summary>
    public virtual nint PreparedBackwardLength => 0;

    /// <summary>Bytes of scratch that each thread needs.</summary>
    public virtual nuint ScratchBytes => 0;

    /// <summary>Floats that the forward kernel leaves for the backward one.</summary>
    public virtual nint SavedLength(int batch) => 0;

    /// <summary>Floats of working memory of a forward call.</summary>
    public virtual nint WorkspaceLength(int batch, bool training) => 0;

    /// <summary>Floats of working memory of a backward call.</summary>
    public virtual nint BackwardWorkspaceLength(int batch) => 0;

    /// <summary>Brings the parameters into the form that the forward kernel reads.</summary>
    public virtual void Prepare(in Execution execution, OpBinding binding)
    {
    }

    /// <summary>Brings the parameters into the form that the gradient of the first input reads.</summary>
    public virtual void PrepareBackward(in Execution execution, OpBinding binding)
    {
    }

    /// <summary>Computes the output as in inference.</summary>
    public abstract void Forward(in Execution execution, OpBinding binding);

    /// <summary>Computes the output as in training, and leaves what the gradient needs.</summary>
    public virtual void ForwardTraining(in Execution execution, OpBinding binding) => Forward(execution, binding);

    /// <summary>
    /// Multiplications with addition a sample for the gradients that are asked for: one of the input and one of the weights each take as
    /// many as the forward pass.
    /// </summary>
    public virtual long BackwardMultiplyAdds(OpBinding binding) =>
        MultiplyAdds * binding.InputGradients.Take(2).Count(buffer => buffer >= 0);

    /// <summary>
    /// The op of a layer that is frozen: in training, too, what it remembers from batch to batch stays as it is, and it computes with that.
    /// </summary>
    public virtual Op Frozen() => this;

    /// <summary>Computes the gradients of the inputs from the gradient of the output.</summary>
    public abstract void Backward(in Execution execution, OpBinding binding);

    /// <summary>
    /// Moves running statistics by what the forward run in training saved, when the whole step was computed; for an op that says so.
    /// </summary>
    public virtual void MoveStatistics(in Execution execution, OpBinding binding)
    {
    }

    /// <summary>A line about the op for a printed plan.</summary>
    public virtual string Describe() => Kind;

    /// <summary>The shape of one sample as rows of channels: what kernels that work channel by channel need.</summary>
    protected static (int Rows, int Channels) RowsOf(Shape shape) => (shape.ElementCount / shape.Channels, shape.Channels);
}
