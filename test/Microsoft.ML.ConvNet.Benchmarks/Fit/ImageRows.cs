using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>A folder of images as rows, loaded and brought to one size by steps of ML.NET: the columns Image and Label.</summary>
internal static class ImageRows
{
    /// <summary>Makes the rows; files are read as they are asked for. They are stretched: where ML.NET cuts, pixels at the edges become transparent.</summary>
    /// <param name="context">ML.NET.</param>
    /// <param name="folder">The folder, with a subfolder a class.</param>
    /// <param name="size">Height and width of the images.</param>
    public static IDataView Of(MLContext context, string folder, int size)
    {
        IDataView files = context.Data.LoadFromImageFolder(folder);
        return context.Transforms.LoadImages("Image", imageFolder: null, "ImagePath")
            .Append(context.Transforms.ResizeImages("Image", size, size, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Fit(files)
            .Transform(files);
    }
}
