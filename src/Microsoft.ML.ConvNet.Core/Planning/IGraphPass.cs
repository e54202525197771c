namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// Rewrites a graph into one that computes the same. A pass knows nothing of those before and after it; the planner lists the passes and
/// has <see cref="GraphCheck"/> look at what each leaves.
/// </summary>
internal interface IGraphPass
{
    /// <summary>What it does, in a word or two.</summary>
    string Name { get; }

    /// <summary>Rewrites the graph.</summary>
    void Run(PlanGraph graph);
}
