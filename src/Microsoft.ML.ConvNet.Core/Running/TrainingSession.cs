using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>
/// A network being trained: its training plan with memory for a batch, the gradients, and what a batch is fed from. It computes losses
/// and gradients; what becomes of the weights is the caller's affair. One thread uses it at a time.
/// </summary>
/// <remarks>
/// It holds a share in the weights' memory, and a step that runs while another thread disposes of the session ends before anything is
/// freed. The pointers that it gives are good until it is disposed of.
/// </remarks>
internal sealed unsafe class TrainingSession : IDisposable
{
    private readonly Plan _plan;
    private readonly NativeShare _parameters;
    private readonly PlanMemory _memory;
    private readonly NativeBuffer _gradients;
    private readonly NativeBuffer _classes;
    private readonly NativeBuffer _shares;
    private readonly NativeBuffer _targets;
    private readonly NativeBuffer _sampleIds;
    private readonly NativeBuffer _sampleWeights;
    private readonly NativeBuffer _losses;
    private readonly bool _hasClasses;
    private readonly bool _hasValues;
    private readonly bool _mixes;
    private readonly int _numberOfThreads;
    private readonly ulong _seed;
    private UseCount _steps;

    /// <summary>Compiles a network for training and takes the memory for its largest batch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights; the running statistics among them move with each step.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="maximumBatch">The largest batch.</param>
    /// <param name="numberOfThreads">The most threads to use; 0 for one a core.</param>
    /// <param name="seed">The seed of dropout.</param>
    /// <param name="isFrozen">Which layers, by name, keep their parameters.</param>
    /// <param name="inputGradient">Whether the gradient of the input is computed, too.</param>
    /// <param name="options">What the planner may do.</param>
    /// <param name="settingsOf">
    /// What the learning rate of a layer, by name, is multiplied by, and its weight decay in place of the optimizer's; null for 1 and the
    /// optimizer's.
    /// </param>
    /// <param name="auxiliaryLosses">What each auxiliary output is trained by; the same loss with the network's weights where not given.</param>
    /// <param name="mixes">Whether samples are mixed of two, and may have two classes.</param>
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    public TrainingSession(
        Network network,
        Weights weights,
        ILossFunction loss,
        int maximumBatch,
        int numberOfThreads,
        ulong seed,
        Func<string, bool>? isFrozen = null,
        bool inputGradient = false,
        PlanOptions? options = null,
        Func<string, (float LearningRateFactor, float? WeightDecay)>? settingsOf = null,
        IReadOnlyList<AuxiliaryLoss>? auxiliaryLosses = null,
        bool mixes = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumBatch, 1);
        RequireRowsThatFit(network, maximumBatch);
        Network = network;
        Weights = weights;
        MaximumBatch = maximumBatch;
        _seed = seed;
        _numberOfThreads = WorkerPool.ThreadCount(numberOfThreads);
        IEnumerable<ILossFunction> losses = (auxiliaryLosses ?? []).Select(auxiliary => auxiliary.Function).Prepend(loss);
        _hasClasses = losses.Any(function => function.ReplacesSoftmax);
        _hasValues = losses.Any(function => !function.ReplacesSoftmax);
        _mixes = mixes;
        _plan = Planner.ForTraining(
            network, loss, options ?? PlanOptions.Default, isFrozen, inputGradient, weights, auxiliaryLosses);
        _parameters = weights.Share();
        try
        {
            _gradients = new NativeBuffer((nuint)Math.Max(weights.Length, 1) * sizeof(float));
            _classes = new NativeBuffer((nuint)maximumBatch * 2 * sizeof(int));
            _shares = new NativeBuffer((nuint)maximumBatch * sizeof(float));
            _targets = new NativeBuffer((nuint)maximumBatch * (nuint)(_hasValues ? network.OutputShape.ElementCount : 1) * sizeof(float));
            _sampleIds = new NativeBuffer((nuint)maximumBatch * sizeof(uint));
            _sampleWeights = new NativeBuffer((nuint)maximumBatch * sizeof(float));
            _losses = new NativeBuffer((nuint)maximumBatch * sizeof(float));
            _memory = new PlanMemory(_plan, maximumBatch, weights, _parameters, _gradients.Floats);
        }
        catch
        {
            // Memory is short: what was had until then is given back at once.
            _losses?.Dispose();
            _sampleWeights?.Dispose();
            _sampleIds?.Dispose();
            _targets?.Dispose();
            _shares?.Dispose();
            _classes?.Dispose();
            _gradients?.Dispose();
            _parameters.Dispose();
            throw;
        }

        TrainableRuns = RunsOf(network, weights, isFrozen, settingsOf);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The weights.</summary>
    public Weights Weights { get; }

    /// <summary>The largest batch.</summary>
    public int MaximumBatch { get; }

    /// <summary>Where the caller puts the samples before a step, [N, H, W, C]; a step overwrites it.</summary>
    public float* Inputs => _memory.Buffers[_plan.Input];

    /// <summary>Where the caller puts the class of each sample, -1 for none, for a loss over classes; null where there is none.</summary>
    public int* TargetClasses => _hasClasses ? (int*)_classes.Pointer : null;

    /// <summary>Where the caller puts a second class of each sample, -1 for none; null where samples are not mixed.</summary>
    public int* SecondClasses => _hasClasses && _mixes ? (int*)_classes.Pointer + MaximumBatch : null;

    /// <summary>Where the caller puts what the first class of each sample counts beside the second; null where samples are not mixed.</summary>
    public float* FirstShares => _hasClasses && _mixes ? _shares.Floats : null;

    /// <summary>Where the caller puts the values that the outputs should have, [N, F], for a loss over values; null where there is none.</summary>
    public float* TargetValues => _hasValues ? _targets.Floats : null;

    /// <summary>Where the caller puts what identifies each sample across batches.</summary>
    public uint* SampleIds => (uint*)_sampleIds.Pointer;

    /// <summary>Whether the samples have weights of their own; else each counts once.</summary>
    public bool IsWeighted { get; set; }

    /// <summary>Where the caller puts what each sample counts, where they have weights of their own.</summary>
    public float* SampleWeights => _sampleWeights.Floats;

    /// <summary>The loss of each sample of the last step, times the weight of the sample.</summary>
    public float* Losses => _losses.Floats;

    /// <summary>What the loss read in the last step, [N, F]: logits where the loss takes the softmax's place, else the outputs.</summary>
    public float* Outputs => _memory.Buffers[_plan.Output];

    /// <summary>The gradient of the mean loss, laid out as the weights' block.</summary>
    public float* Gradients => _gradients.Floats;

    /// <summary>The gradient of the mean loss by the input of the last step, [N, H, W, C].</summary>
    public float* InputGradients => _memory.Buffers[_plan.InputGradient];

    /// <summary>The stretches of the weights' block that training changes.</summary>
    public IReadOnlyList<TrainableRun> TrainableRuns { get; }

    /// <summary>The plan that is run.</summary>
    public Plan Plan => _plan;

    /// <summary>Bytes of the arena.</summary>
    public nuint ArenaBytes => _memory.ArenaBytes;

    /// <summary>The most threads that a step uses.</summary>
    public int NumberOfThreads => _numberOfThreads;

    /// <summary>Threads for work between the steps.</summary>
    public WorkerGang Lease() => WorkerPool.Shared.Lease(_numberOfThreads);

    /// <summary>Computes the losses of a batch and the gradients of their mean, and moves running statistics.</summary>
    /// <param name="batch">The number of samples.</param>
    /// <param name="epoch">The epoch, from 0: part of the key of dropout.</param>
    /// <param name="clock">What measures the steps; null for none.</param>
    /// <param name="cancellationToken">
    /// Ends it before the next step of the plan: there are no losses and gradients then, and running statistics are those from before.
    /// </param>
    /// <returns>False where it was cancelled.</returns>
    /// <exception cref="ObjectDisposedException">The session was disposed of.</exception>
    public bool Step(int batch, uint epoch, PlanClock? clock = null, CancellationToken cancellationToken = default)
    {
        if (batch < 1 || batch > MaximumBatch)
        {
            throw new ArgumentOutOfRangeException(nameof(batch), batch, Invariant($"A batch has from 1 to {MaximumBatch} samples."));
        }

        ObjectDisposedException.ThrowIf(!_steps.TryEnter(), this);
        try
        {
            using WorkerGang gang = Lease();
            return Run(gang, batch, epoch, clock, cancellationToken);
        }
        finally
        {
            if (_steps.Exit())
            {
                Free();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_steps.Close())
        {
            Free();
        }
    }

    private bool Run(WorkerGang gang, int batch, uint epoch, PlanClock? clock, CancellationToken cancellationToken)
    {
        gang.ReserveScratch(_plan.ScratchBytes);
        Execution execution = new()
        {
            Gang = gang,
            Batch = batch,
            Buffers = _memory.Buffers,
            Seed = _seed,
            Epoch = epoch,
            SampleIds = SampleIds,
            SampleWeights = IsWeighted ? SampleWeights : null,
            TargetClasses = TargetClasses,
            SecondClasses = SecondClasses,
            FirstShares = FirstShares,
            TargetValues = TargetValues,
            Losses = Losses,
            CancellationToken = cancellationToken,
        };
        if (clock == null)
        {
            return _plan.Run(execution);
        }

        clock.RunSteps(execution);
        return true;
    }

    private void Free()
    {
        _parameters.Dispose();
        _memory.Dispose();
        _gradients.Dispose();
        _classes.Dispose();
        _shares.Dispose();
        _targets.Dispose();
        _sampleIds.Dispose();
        _sampleWeights.Dispose();
        _losses.Dispose();
    }

    /// <summary>Demands that the pixels of a batch can be counted by an int, as kernels count their rows.</summary>
    private static void RequireRowsThatFit(Network network, int maximumBatch)
    {
        int most = Math.Max(network.InputShape.ElementCount / network.InputShape.Channels, 1);
        string layer = "input";
        foreach (NetworkNode node in network.Nodes)
        {
            int rows = node.OutputShape.ElementCount / node.OutputShape.Channels;
            (most, layer) = rows > most ? (rows, node.Name) : (most, layer);
        }

        if ((long)most * maximumBatch > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maximumBatch),
                maximumBatch,
                Invariant($"A batch has at most {int.MaxValue:N0} pixels a layer: at most {int.MaxValue / most:N0} samples, for \"{layer}\" has {most:N0}."));
        }
    }

    private static List<TrainableRun> RunsOf(
        Network network,
        Weights weights,
        Func<string, bool>? isFrozen,
        Func<string, (float LearningRateFactor, float? WeightDecay)>? settingsOf)
    {
        List<TrainableRun> runs = [];
        foreach (int i in Enumerable.Range(0, network.Parameters.Count)
            .Where(i => Planner.IsTrained(network, i, isFrozen))
            .OrderBy(weights.OffsetOf))
        {
            nint offset = weights.OffsetOf(i);
            nint length = Weights.Padded(network.Parameters[i].Shape.ElementCount);
            bool decays = network.Parameters[i].Definition.Decays;
            (float factor, float? decay) = settingsOf?.Invoke(network.Nodes[network.Parameters[i].Node].Name) ?? (1, null);
            TrainableRun run = new(offset, length, decays, factor, decays ? decay : null);
            if (runs.Count > 0 && runs[^1].Offset + runs[^1].Length == offset && run.HasSettingsOf(runs[^1]))
            {
                runs[^1] = runs[^1] with { Length = runs[^1].Length + length };
            }
            else
            {
                runs.Add(run);
            }
        }

        return runs;
    }
}
