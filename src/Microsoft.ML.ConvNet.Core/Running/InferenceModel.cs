using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>
/// A network with its weights, compiled to score: batch normalisation folded, additions and functions fused, weights packed once.
/// Any number of threads may score at once; a sample's scores are the same bits alone or in a batch, at any number of threads.
/// </summary>
/// <remarks>
/// Each call at a time takes an arena of its own. What many callers at once needed is freed some seconds after the last of them used
/// it, but for one arena, which stays for the next call.
/// </remarks>
public sealed unsafe partial class InferenceModel : IDisposable
{
    // A large batch is taken in equal parts.
    private const long MostPartBytes = 256L * 1024 * 1024;
    private const int MostSamplesOfPart = 1024;
    private const int PartGranularity = 16;

    // Small samples are taken in parts whose activations stay in the caches of the cores that wrote them, where the weights are so
    // few that they may be read for each part.
    private const long CachedBytesOfThread = 1024 * 1024;
    private const int LeastSamplesOfCachedPart = 64;
    private const long MostCachedWeightBytes = 4L * 1024 * 1024;

    private readonly Gate _gate = new();
    private readonly Plan _plan;
    private readonly int _numberOfThreads;
    private readonly int _mostSamplesOfPart;
    private volatile LoadedPlan _loaded;
    private volatile bool _isDisposed;

    /// <summary>Compiles a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">
    /// Its weights. They are neither copied nor disposed of: they are not to be changed as long as the model is used, and the model holds a
    /// share in their memory, which stays until both are disposed of.
    /// </param>
    /// <param name="numberOfThreads">The most threads that one call uses; 0 for one a core.</param>
    /// <param name="options">What the planner may do; <see cref="PlanOptions.Default"/> where not given.</param>
    /// <exception cref="ArgumentException">The weights belong to another network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is negative or over 1024.</exception>
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    public InferenceModel(Network network, Weights weights, int numberOfThreads = 0, PlanOptions? options = null)
        : this(network, weights, numberOfThreads, options, node: null)
    {
    }

    /// <summary>Compiles a network up to a node.</summary>
    internal InferenceModel(Network network, Weights weights, int numberOfThreads, PlanOptions? options, int? node)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        Network = network;
        OutputShape = network.Nodes[node ?? network.Nodes.Count - 1].OutputShape;
        weights.RequireFit(network);
        _numberOfThreads = WorkerPool.ThreadCount(numberOfThreads);
        _plan = Planner.ForInference(network, options ?? PlanOptions.Default, node);
        _loaded = new LoadedPlan(_plan, weights, _numberOfThreads, TimeProvider.System);
        _mostSamplesOfPart = MostSamplesOfPartOf(_plan, _loaded.ConstantBytes, _numberOfThreads);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The shape of a sample's result, without the batch.</summary>
    public Tensors.Shape OutputShape { get; }

    /// <summary>The plan that is run.</summary>
    internal Plan Plan => _plan;

    /// <summary>Bytes of the arenas that no call uses now.</summary>
    internal long IdleBytes => _loaded.IdleBytes;

    /// <summary>Scores samples.</summary>
    /// <param name="inputs">The samples one behind the other, each of the network's input shape: <c>[N, H, W, C]</c>.</param>
    /// <param name="batch">The number of samples N, from 1.</param>
    /// <param name="outputs">Receives the results, each of the network's output shape: <c>[N, F]</c>.</param>
    /// <param name="cancellationToken">Ends it before the next layer is computed; the outputs are then not to be used.</param>
    /// <exception cref="ArgumentException">A span's length is not that of a batch.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Predict(ReadOnlySpan<float> inputs, int batch, Span<float> outputs, CancellationToken cancellationToken = default)
    {
        if (!TryPredict(inputs, batch, outputs, cancellationToken))
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Scores samples that it has read itself, by the threads that compute.</summary>
    /// <param name="samples">What reads the samples. What it throws is thrown on: of several, what it threw for the first sample.</param>
    /// <param name="batch">The number of samples N, from 1.</param>
    /// <param name="outputs">Receives the results, each of the network's output shape: <c>[N, F]</c>.</param>
    /// <param name="cancellationToken">Ends it before the next layer is computed; the outputs are then not to be used.</param>
    /// <exception cref="ArgumentException">The batch has no sample, or the span's length is not that of its results.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Predict(IInputSamples samples, int batch, Span<float> outputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (batch < 1)
        {
            throw new ArgumentException(Invariant($"A batch has at least one sample. Received: {batch}."), nameof(batch));
        }

        RequireOutputs(batch, outputs);
        if (!RunInParts(new InputBatch(samples), batch, outputs, clock: null, cancellationToken))
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Scores samples as <see cref="Predict(ReadOnlySpan{float}, int, Span{float}, CancellationToken)"/> does.</summary>
    /// <returns>False where it was cancelled.</returns>
    internal bool TryPredict(ReadOnlySpan<float> inputs, int batch, Span<float> outputs, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int inputLength = Network.InputShape.ElementCount;
        if (batch < 1 || inputs.Length != (long)batch * inputLength)
        {
            throw new ArgumentException(
                Invariant($"The inputs are a batch of at least one sample of {Network.InputShape} = {inputLength} numbers. ")
                + Invariant($"Received: {inputs.Length} numbers for a batch of {batch}."),
                nameof(inputs));
        }

        RequireOutputs(batch, outputs);
        return RunInParts(new InputBatch(inputs), batch, outputs, clock: null, cancellationToken);
    }

    /// <summary>Compiles for other weights of the same network. Calls that score meanwhile end with the weights they began with.</summary>
    /// <exception cref="ArgumentException">The weights belong to another network.</exception>
    /// <exception cref="ObjectDisposedException">The model or the weights were disposed of.</exception>
    public void Reload(Weights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        weights.RequireFit(Network);
        LoadedPlan loaded = new(_plan, weights, _numberOfThreads, TimeProvider.System);
        using (_gate.Enter())
        {
            if (!_isDisposed)
            {
                (loaded, _loaded) = (_loaded, loaded);
            }
        }

        // What was replaced, or what came too late.
        loaded.Dispose();
        ObjectDisposedException.ThrowIf(_isDisposed, this);
    }

    /// <summary>
    /// Frees the packed weights and the memory of the runs, and gives up the share in the weights. Calls that score meanwhile end as if
    /// nothing had happened, the last of which frees the memory; later ones are refused. A second time, by whichever thread, it does nothing.
    /// </summary>
    public void Dispose()
    {
        using (_gate.Enter())
        {
            _isDisposed = true;
            _loaded.Dispose();
        }
    }

    private static int MostSamplesOfPartOf(Plan plan, long constantBytes, int threads)
    {
        long few = new ArenaLayout(plan, PartGranularity).Length;
        long more = new ArenaLayout(plan, 2 * PartGranularity).Length;
        long most = MostPartBytes / (Math.Max(few / PartGranularity, 1) * sizeof(float));
        long cached = CachedBytesOfThread * threads / (Math.Max((more - few) / PartGranularity, 1) * sizeof(float));
        if (cached >= LeastSamplesOfCachedPart && constantBytes <= MostCachedWeightBytes)
        {
            most = Math.Min(most, cached / PartGranularity * PartGranularity);
        }

        return (int)Math.Clamp(most, 1, MostSamplesOfPart);
    }

    private void RequireOutputs(int batch, Span<float> outputs)
    {
        int outputLength = OutputShape.ElementCount;
        if (outputs.Length != (long)batch * outputLength)
        {
            throw new ArgumentException(
                Invariant($"The outputs hold {outputLength} numbers a sample. Received: room for {outputs.Length} for a batch of {batch}."),
                nameof(outputs));
        }
    }

    /// <summary>The samples that are taken at a time: equal parts, of full vectors of samples where there are many.</summary>
    private int PartOf(int batch)
    {
        int parts = (int)Rounding.DivideUp<long>(batch, _mostSamplesOfPart);
        int part = (int)Rounding.DivideUp<long>(batch, parts);
        int whole = Rounding.RoundUp(part, PartGranularity);
        return parts > 1 && whole <= _mostSamplesOfPart ? whole : part;
    }

    private bool RunInParts(
        InputBatch inputs, int batch, Span<float> outputs, PlanClock? clock, CancellationToken cancellationToken = default)
    {
        int outputLength = OutputShape.ElementCount;
        int part = PartOf(batch);
        LoadedPlan loaded = Enter();
        try
        {
            for (int from = 0; from < batch; from += part)
            {
                int count = Math.Min(part, batch - from);
                if (!Run(loaded, inputs, from, count, outputs.Slice(from * outputLength, count * outputLength), clock, cancellationToken))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            loaded.Exit();
        }
    }

    private LoadedPlan Enter()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            LoadedPlan loaded = _loaded;
            if (loaded.TryEnter())
            {
                return loaded;
            }

            // Other weights have just taken its place, or the model has just been disposed of.
        }
    }

    private bool Run(
        LoadedPlan loaded,
        InputBatch inputs,
        int first,
        int batch,
        Span<float> outputs,
        PlanClock? clock,
        CancellationToken cancellationToken)
    {
        PlanMemory memory = loaded.Rent(batch);
        try
        {
            using WorkerGang gang = WorkerPool.Shared.Lease(_numberOfThreads);
            gang.ReserveScratch(_plan.ScratchBytes);
            Execution execution = new() { Gang = gang, Batch = batch, Buffers = memory.Buffers, CancellationToken = cancellationToken };
            inputs.CopyTo(gang, first, batch, memory.Buffers[_plan.Input], Network.InputShape.ElementCount);
            if (clock != null)
            {
                clock.RunSteps(execution);
            }
            else if (!_plan.Run(execution))
            {
                return false;
            }

            new ReadOnlySpan<float>(memory.Buffers[_plan.Output], outputs.Length).CopyTo(outputs);
            return true;
        }
        finally
        {
            loaded.Return(memory);
        }
    }
}
