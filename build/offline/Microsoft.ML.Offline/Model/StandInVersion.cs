#nullable disable
namespace Microsoft.ML;

/// <summary>The version of the components of the stand-in itself.</summary>
internal static class StandInVersion
{
    public static VersionInfo Create(string modelSignature, string loaderSignature) => new(
        modelSignature,
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(StandInVersion).Assembly.GetName().Name,
        loaderSignature: loaderSignature);
}
