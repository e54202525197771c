namespace Microsoft.ML.ConvNet.Files;

/// <summary>What is where a path leads to.</summary>
public enum FileKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A file that has a length and is there to its end.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe: who opens it waits for who opens its other end, perhaps forever.</summary>
    Pipe,

    /// <summary>A device, such as <c>/dev/null</c>.</summary>
    Device,

    /// <summary>A socket of programs of this machine, which cannot be opened as a file.</summary>
    Socket,

    /// <summary>
    /// What a process has open, whatever it is: <c>/dev/stdin</c>, or what a shell gives as <c>/dev/fd/63</c>. Who opens it does not wait for
    /// another end.
    /// </summary>
    Open,
}
