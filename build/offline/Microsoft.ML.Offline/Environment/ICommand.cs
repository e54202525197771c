namespace Microsoft.ML.Command;

/// <summary>
/// Stands for the namespace of ML.NET's own command line: inside Microsoft.ML the name Command means that namespace, and code to which it
/// means something else must not compile here either.
/// </summary>
internal interface ICommand
{
    /// <summary>Carries the command out.</summary>
    void Run();
}
