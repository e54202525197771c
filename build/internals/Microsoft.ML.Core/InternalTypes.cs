// Signatures of internal types of Microsoft.ML.Core, as far as the pack calls them; unchanged in ML.NET 1.0 to 6.0. The bodies are
// never run: the real types are bound at run time.
#pragma warning disable CA1019, CA1801, CA1815, CA1822, IDE0060, CA1711

namespace Microsoft.ML;

/// <summary>The signature of what reads a model from a file.</summary>
public delegate void SignatureLoadModel(ModelLoadContext ctx);

/// <summary>Makes a class known to those who read model files.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class LoadableClassAttribute : Attribute
{
    public LoadableClassAttribute(
        Type instType, Type loaderType, Type? argType, Type sigType, string userName, params string[] loadNames)
    {
    }
}

/// <summary>Who wrote a model, in which version, and who can read it.</summary>
public readonly struct VersionInfo
{
    public VersionInfo(
        string modelSignature,
        uint verWrittenCur,
        uint verReadableCur,
        uint verWeCanReadBack,
        string loaderAssemblyName,
        string? loaderSignature = null,
        string? loaderSignatureAlt = null)
    {
    }
}

/// <summary>Where a component reads itself.</summary>
public sealed class ModelLoadContext
{
    public void CheckAtModel(VersionInfo ver)
    {
    }

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action) => false;
}

/// <summary>Where a component writes itself.</summary>
public sealed class ModelSaveContext
{
    public void CheckAtModel()
    {
    }

    public void SetVersionInfo(VersionInfo ver)
    {
    }

    public void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
    }
}
