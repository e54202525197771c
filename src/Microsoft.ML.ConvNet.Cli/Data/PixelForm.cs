namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>How rows have the pixels of images that are at hand.</summary>
internal enum PixelForm
{
    /// <summary>As bytes, which is what files of such images hold.</summary>
    Bytes,

    /// <summary>As floats from 0 to 255: those of image files that were made grey are not whole.</summary>
    Floats,

    /// <summary>As floats from 0 to 1, for models of earlier versions of this tool.</summary>
    Shares,
}
