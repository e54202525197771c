#nullable disable
namespace Microsoft.ML;

/// <summary>Writes itself into a model file.</summary>
public interface ICanSaveModel
{
    void Save(ModelSaveContext ctx);
}

/// <summary>The signature of the method that reads a model from a file.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);
