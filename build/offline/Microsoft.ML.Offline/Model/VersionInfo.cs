#nullable disable
namespace Microsoft.ML;

/// <summary>Who wrote a model, in which version, and who can read it.</summary>
internal readonly struct VersionInfo
{
    public readonly ulong ModelSignature;
    public readonly uint VerWrittenCur;
    public readonly uint VerReadableCur;
    public readonly uint VerWeCanReadBack;
    public readonly string LoaderAssemblyName;
    public readonly string LoaderSignature;
    public readonly string LoaderSignatureAlt;

    public VersionInfo(
        string modelSignature,
        uint verWrittenCur,
        uint verReadableCur,
        uint verWeCanReadBack,
        string loaderAssemblyName,
        string loaderSignature = null,
        string loaderSignatureAlt = null)
    {
        if (modelSignature?.Length != 8)
        {
            throw new ArgumentException($"A model signature has exactly 8 characters. Received: '{modelSignature}'", nameof(modelSignature));
        }

        RequireLoaderSignature(loaderSignature, nameof(loaderSignature));
        RequireLoaderSignature(loaderSignatureAlt, nameof(loaderSignatureAlt));
        ModelSignature = 0;
        for (int i = 0; i < modelSignature.Length; i++)
        {
            char letter = modelSignature[i];
            ModelSignature |= letter == ' ' ? 0 : (ulong)letter << (8 * i);
        }

        VerWrittenCur = verWrittenCur;
        VerReadableCur = verReadableCur;
        VerWeCanReadBack = verWeCanReadBack;
        LoaderAssemblyName = loaderAssemblyName;
        LoaderSignature = loaderSignature;
        LoaderSignatureAlt = loaderSignatureAlt;
    }

    private static void RequireLoaderSignature(string signature, string parameter)
    {
        if (signature is { Length: > 24 })
        {
            throw new ArgumentException($"A loader signature has at most 24 characters. Received: '{signature}'", parameter);
        }
    }
}
