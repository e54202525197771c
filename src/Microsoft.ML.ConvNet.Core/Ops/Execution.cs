using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>What an op needs to know of the run that it is part of.</summary>
internal unsafe struct Execution
{
    /// <summary>The threads of this run.</summary>
    public WorkerGang Gang;

    /// <summary>The number of samples of this run.</summary>
    public int Batch;

    /// <summary>Where each of the plan's buffers is.</summary>
    public float** Buffers;

    /// <summary>The seed that random ops draw from.</summary>
    public ulong Seed;

    /// <summary>The epoch, counted from 0; part of the key of random ops.</summary>
    public uint Epoch;

    /// <summary>What identifies each sample of the batch across batches; part of the key of random ops.</summary>
    public uint* SampleIds;

    /// <summary>What each sample counts in the loss; null where all count once.</summary>
    public float* SampleWeights;

    /// <summary>The target class of each sample, or -1 for a sample without one; null where targets are numbers.</summary>
    public int* TargetClasses;

    /// <summary>A second class of each sample that is mixed of two; null where none is.</summary>
    public int* SecondClasses;

    /// <summary>What the first class of each sample counts beside the second, from 0 to 1; null where none is mixed.</summary>
    public float* FirstShares;

    /// <summary>The target values, [N, F]; null where targets are classes.</summary>
    public float* TargetValues;

    /// <summary>Receives the loss of each sample.</summary>
    public float* Losses;

    /// <summary>Ends the run before its next step.</summary>
    public CancellationToken CancellationToken;
}
