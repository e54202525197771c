using Microsoft.ML.Data;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>
/// A temporary folder of drawn JPEG files, ten subfolders of classes: waves that are as many as the class says, and begin elsewhere in every file.
/// </summary>
internal sealed class PatternImages : IDisposable
{
    private const int Classes = 10;

    private static readonly byte[] Wave = [.. Enumerable.Range(0, 256).Select(step => (byte)(128 + (100 * Math.Sin(step * Math.Tau / 256))))];

    /// <summary>Makes the files, by all cores.</summary>
    /// <param name="images">Their number.</param>
    /// <param name="size">Their height and width.</param>
    public PatternImages(int images, int size)
    {
        Folder = Directory.CreateTempSubdirectory("convnet-images").FullName;
        try
        {
            string[] folders = [.. Enumerable.Range(0, Classes).Select(label => Path.Combine(Folder, Invariant($"class{label}")))];
            Array.ForEach(folders, folder => Directory.CreateDirectory(folder));
            _ = Parallel.For(0, images, () => new byte[size * size * 4], (i, _, pixels) =>
            {
                Draw(pixels, size, i);
                using MLImage image = MLImage.CreateFromPixels(size, size, MLPixelFormat.Bgra32, pixels);
                image.Save(Path.Combine(folders[i % Classes], Invariant($"{i:D7}.jpg")));
                return pixels;
            }, _ => { });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where they are.</summary>
    public string Folder { get; }

    /// <summary>Deletes them.</summary>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Draw(Span<byte> pixels, int size, int number)
    {
        int length = 1 + (number % Classes);
        int begin = number / Classes;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                Span<byte> pixel = pixels.Slice(4 * ((y * size) + x), 4);
                pixel[0] = Wave[((x * length) + begin) & 255];
                pixel[1] = Wave[((y * length) + (begin >> 8)) & 255];
                pixel[2] = Wave[(((x + y) * length) + (begin * 3)) & 255];
                pixel[3] = byte.MaxValue;
            }
        }
    }
}
