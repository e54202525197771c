#pragma warning disable IDE0130 // The runtime knows the attribute by this namespace.
namespace System.Runtime.CompilerServices;

/// <summary>Lets this assembly use internals of another; the runtime knows it by its name.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>The other assembly's name.</summary>
    public string AssemblyName { get; } = assemblyName;
}
