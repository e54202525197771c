namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>A folder for the files of one test, removed after it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>The path of the folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("convnet-test-").FullName;

    /// <summary>The path of a file or folder in it.</summary>
    public string this[params string[] names] => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Makes files of one byte, and the folders that they lie in.</summary>
    public void Touch(params string[] files)
    {
        foreach (string file in files)
        {
            string path = System.IO.Path.Combine(Path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [0]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
