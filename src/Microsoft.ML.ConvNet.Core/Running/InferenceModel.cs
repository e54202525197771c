using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>
/// A network with its weights, compiled to score: batch normalisation folded, additions and functions fused, weights packed once.
/// Any number of threads may score at once; a sample's scores are the same bits alone or in a batch, at any number of threads.
/// </summary>
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

    private readonly object _gate = new();
    private readonly Stack<PlanMemory> _memories = new();
    private readonly Plan _plan;
    private readonly int _numberOfThreads;
    private readonly int _mostSamplesOfPart;
    private Weights _weights;
    private PlanConstants _constants;
    private bool _isDisposed;

    /// <summary>Compiles a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights. They are not copied and not disposed of: they must live, unchanged, as long as the model.</param>
    /// <param name="numberOfThreads">The most threads that one call uses; 0 for one a core.</param>
    /// <param name="options">What the planner may do; <see cref="PlanOptions.Default"/> where not given.</param>
    /// <exception cref="ArgumentException">The weights belong to another network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is negative or over 1024.</exception>
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
        _weights = weights;
        _plan = Planner.ForInference(network, options ?? PlanOptions.Default, node);
        _constants = new PlanConstants(_plan, weights, _numberOfThreads);
        _mostSamplesOfPart = MostSamplesOfPartOf(_plan, _constants, _numberOfThreads);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The shape of a sample's result, without the batch.</summary>
    public Tensors.Shape OutputShape { get; }

    /// <summary>The plan that is run.</summary>
    internal Plan Plan => _plan;

    /// <summary>Scores samples.</summary>
    /// <param name="inputs">The samples one behind the other, each of the network's input shape: <c>[N, H, W, C]</c>.</param>
    /// <param name="batch">The number of samples N, from 1.</param>
    /// <param name="outputs">Receives the results, each of the network's output shape: <c>[N, F]</c>.</param>
    /// <exception cref="ArgumentException">A span's length is not that of a batch.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public void Predict(ReadOnlySpan<float> inputs, int batch, Span<float> outputs)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int inputLength = Network.InputShape.ElementCount;
        int outputLength = OutputShape.ElementCount;
        if (batch < 1 || inputs.Length != (long)batch * inputLength)
        {
            throw new ArgumentException(
                $"The inputs are a batch of at least one sample of {Network.InputShape} = {inputLength} numbers. "
                + $"Received: {inputs.Length} numbers for a batch of {batch}.",
                nameof(inputs));
        }

        if (outputs.Length != (long)batch * outputLength)
        {
            throw new ArgumentException(
                $"The outputs hold {outputLength} numbers a sample. Received: room for {outputs.Length} for a batch of {batch}.",
                nameof(outputs));
        }

        RunInParts(inputs, batch, outputs, clock: null);
    }

    /// <summary>Compiles for other weights of the same network. No other thread may score meanwhile.</summary>
    /// <exception cref="ArgumentException">The weights belong to another network.</exception>
    public void Reload(Weights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weights.RequireFit(Network);
        PlanConstants constants = new(_plan, weights, _numberOfThreads);
        lock (_gate)
        {
            FreeMemories();
            _constants.Dispose();
            _constants = constants;
            _weights = weights;
        }
    }

    /// <summary>Frees the packed weights and the memory of the runs. No other thread may score meanwhile.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                FreeMemories();
                _constants.Dispose();
            }
        }
    }

    private static int MostSamplesOfPartOf(Plan plan, PlanConstants constants, int threads)
    {
        long few = new ArenaLayout(plan, PartGranularity).Length;
        long more = new ArenaLayout(plan, 2 * PartGranularity).Length;
        long most = MostPartBytes / (Math.Max(few / PartGranularity, 1) * sizeof(float));
        long cached = CachedBytesOfThread * threads / (Math.Max((more - few) / PartGranularity, 1) * sizeof(float));
        if (cached >= LeastSamplesOfCachedPart && (long)constants.Bytes <= MostCachedWeightBytes)
        {
            most = Math.Min(most, cached / PartGranularity * PartGranularity);
        }

        return (int)Math.Clamp(most, 1, MostSamplesOfPart);
    }

    /// <summary>The samples that are taken at a time: equal parts, of full vectors of samples where there are many.</summary>
    private int PartOf(int batch)
    {
        int parts = (int)(((long)batch + _mostSamplesOfPart - 1) / _mostSamplesOfPart);
        int part = (int)(((long)batch + parts - 1) / parts);
        int whole = (part + PartGranularity - 1) / PartGranularity * PartGranularity;
        return parts > 1 && whole <= _mostSamplesOfPart ? whole : part;
    }

    private void RunInParts(ReadOnlySpan<float> inputs, int batch, Span<float> outputs, PlanClock? clock)
    {
        int inputLength = Network.InputShape.ElementCount;
        int outputLength = OutputShape.ElementCount;
        int part = PartOf(batch);
        for (int from = 0; from < batch; from += part)
        {
            int count = Math.Min(part, batch - from);
            Run(
                inputs.Slice(from * inputLength, count * inputLength), count, outputs.Slice(from * outputLength, count * outputLength), clock);
        }
    }

    private void Run(ReadOnlySpan<float> inputs, int batch, Span<float> outputs, PlanClock? clock)
    {
        PlanMemory memory = Rent(batch);
        try
        {
            using WorkerGang gang = WorkerPool.Shared.Lease(_numberOfThreads);
            gang.ReserveScratch(_plan.ScratchBytes);
            Execution execution = new() { Gang = gang, Batch = batch, Buffers = memory.Buffers };
            inputs.CopyTo(new Span<float>(memory.Buffers[_plan.Input], inputs.Length));
            if (clock == null)
            {
                _plan.Run(execution);
            }
            else
            {
                clock.RunSteps(execution);
            }

            new ReadOnlySpan<float>(memory.Buffers[_plan.Output], outputs.Length).CopyTo(outputs);
        }
        finally
        {
            Return(memory);
        }
    }

    private PlanMemory Rent(int batch)
    {
        PlanMemory? memory;
        lock (_gate)
        {
            _memories.TryPop(out memory);
        }

        if (memory == null || memory.Capacity < batch)
        {
            memory?.Dispose();
            memory = new PlanMemory(_plan, batch, _weights, null, _constants);
        }

        return memory;
    }

    private void Return(PlanMemory memory)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                memory.Dispose();
            }
            else
            {
                _memories.Push(memory);
            }
        }
    }

    private void FreeMemories()
    {
        while (_memories.TryPop(out PlanMemory? memory))
        {
            memory.Dispose();
        }
    }
}
