namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>A path for a file of one test, deleted with it.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public string Name { get; } = Path.Combine(Path.GetTempPath(), $"convnet-{Guid.NewGuid():N}.zip");

    public void Dispose() => File.Delete(Name);
}
