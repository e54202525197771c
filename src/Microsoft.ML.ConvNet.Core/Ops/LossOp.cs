using Microsoft.ML.ConvNet.Kernels.Elementwise;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// What a training plan ends in: the loss of each sample, and the gradient of the batch's mean by what it reads. Both are computed by the
/// backward run, in which a loss is where gradients begin.
/// </summary>
internal abstract unsafe record LossOp : Op
{
    /// <summary>What the loss of an auxiliary output counts in the whole loss; null for the network's own output, which counts once.</summary>
    public float? AuxiliaryWeight { get; init; }

    /// <summary>The weight of each class; null where all samples count alike.</summary>
    public float[]? ClassWeights { get; init; }

    /// <summary>How many numbers of a sample the loss reads.</summary>
    protected abstract int Length { get; }

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) => AuxiliaryWeight == null ? 0 : batch * ((nint)Length + 1);

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        Run(execution, binding, execution.Losses, gradient: null, scale: 1);

    /// <inheritdoc/>
    public override void ForwardTraining(in Execution execution, OpBinding binding)
    {
        // The backward run computes both.
    }

    /// <inheritdoc/>
    /// <remarks>The network's own loss comes first in the backward run: those of auxiliary outputs are added to it.</remarks>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        float* gradient = binding.InputGradients[0] >= 0 ? execution.Buffers[binding.InputGradients[0]] : null;
        if (AuxiliaryWeight is not { } weight)
        {
            Run(execution, binding, execution.Losses, gradient, Share(execution, 1));
            return;
        }

        // What another loss reads, too, has its gradient already.
        nint count = (nint)execution.Batch * Length;
        float* own = execution.Buffers[binding.BackwardWorkspace];
        float* losses = own + count;
        bool adds = gradient != null && binding.Accumulate[0];
        Run(execution, binding, losses, adds ? own : gradient, Share(execution, weight));
        ElementwiseKernels.AccumulateScaled(execution.Gang, losses, execution.Losses, weight, execution.Batch);
        if (adds)
        {
            ElementwiseKernels.Accumulate(execution.Gang, own, gradient, count);
        }
    }

    /// <summary>What a sample of weight 1 counts in the mean: of the samples, or, where classes have weights, sum(w l) / sum(w).</summary>
    private float Share(in Execution execution, float weight)
    {
        if (ClassWeights == null)
        {
            return weight / execution.Batch;
        }

        double sum = 0;
        for (int i = 0; i < execution.Batch; i++)
        {
            int target = execution.TargetClasses[i];
            if ((uint)target >= (uint)ClassWeights.Length)
            {
                continue;
            }

            int second = execution.SecondClasses == null ? -1 : execution.SecondClasses[i];
            double share = (uint)second < (uint)ClassWeights.Length ? execution.FirstShares[i] : 1;
            sum += share == 1 ? ClassWeights[target] : (share * ClassWeights[target]) + ((1.0 - share) * ClassWeights[second]);
        }

        return sum == 0 ? 0 : (float)(weight / sum);
    }

    /// <summary>Computes the loss of each sample and, where asked for, the gradient of their sum times a scale.</summary>
    protected abstract void Run(in Execution execution, OpBinding binding, float* losses, float* gradient, float scale);
}
