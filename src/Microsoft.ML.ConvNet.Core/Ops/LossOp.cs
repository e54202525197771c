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
    public override void Forward(in Execution execution, OpBinding binding)
    {
        Run(execution, binding, execution.Losses, gradient: null, scale: 1);
        Weigh(execution, execution.Losses, gradient: null);
    }

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
            Weigh(execution, execution.Losses, gradient);
            return;
        }

        // What another loss reads, too, has its gradient already.
        nint count = (nint)execution.Batch * Length;
        float* own = execution.Buffers[binding.BackwardWorkspace];
        float* losses = own + count;
        bool adds = gradient != null && binding.Accumulate[0];
        Run(execution, binding, losses, adds ? own : gradient, Share(execution, weight));
        Weigh(execution, losses, adds ? own : gradient);
        ElementwiseKernels.AccumulateScaled(execution.Gang, losses, execution.Losses, weight, execution.Batch);
        if (adds)
        {
            ElementwiseKernels.Accumulate(execution.Gang, own, gradient, count);
        }
    }

    /// <summary>What a sample of weight 1 counts in the mean: of the samples, or, where they or their classes have weights, sum(w l) / sum(w).</summary>
    private float Share(in Execution execution, float weight)
    {
        if (ClassWeights == null && execution.SampleWeights == null)
        {
            return weight / execution.Batch;
        }

        double sum = 0;
        for (int i = 0; i < execution.Batch; i++)
        {
            double own = execution.SampleWeights == null ? 1 : execution.SampleWeights[i];
            sum += own * ClassWeightOf(execution, i);
        }

        return sum == 0 ? 0 : (float)(weight / sum);
    }

    private double ClassWeightOf(in Execution execution, int sample)
    {
        if (execution.TargetClasses == null)
        {
            return 1;
        }

        int target = execution.TargetClasses[sample];
        if (ClassWeights == null)
        {
            return target >= 0 ? 1 : 0;
        }

        if ((uint)target >= (uint)ClassWeights.Length)
        {
            return 0;
        }

        // Of two classes that were mixed, both count by their shares.
        int second = execution.SecondClasses == null ? -1 : execution.SecondClasses[sample];
        double share = (uint)second < (uint)ClassWeights.Length ? execution.FirstShares[sample] : 1;
        return share == 1 ? ClassWeights[target] : (share * ClassWeights[target]) + ((1 - share) * ClassWeights[second]);
    }

    /// <summary>Multiplies losses and gradients by the weights of the samples: few numbers, beside those of the layers.</summary>
    private void Weigh(in Execution execution, float* losses, float* gradient)
    {
        for (int i = 0; execution.SampleWeights != null && i < execution.Batch; i++)
        {
            float weight = execution.SampleWeights[i];
            losses[i] *= weight;
            for (int j = 0; gradient != null && j < Length; j++)
            {
                gradient[((nint)i * Length) + j] *= weight;
            }
        }
    }

    /// <summary>Computes the loss of each sample and, where asked for, the gradient of their sum times a scale.</summary>
    protected abstract void Run(in Execution execution, OpBinding binding, float* losses, float* gradient, float scale);
}
