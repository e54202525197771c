using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>
/// The features of a set of images: computed, and kept in a file where there is a folder for it; or read from such a file, which says by a hash what its
/// features are of: layers, weights, images and their classes.
/// </summary>
internal sealed class FeatureCache(IChannel channel, Network network, Weights weights, int numberOfThreads, CancellationToken cancellation)
{
    private const string FeaturesName = "features";
    private const string HashName = "sha256";

    /// <summary>The features of images.</summary>
    /// <param name="images">The images, normalised.</param>
    /// <param name="path">The file; null for none.</param>
    /// <param name="isReused">Whether it is read where it is there.</param>
    /// <param name="computed">Told the number of images that are done.</param>
    /// <returns>The features; the receiver's to dispose of.</returns>
    public InMemoryDataset Get(ImageDataset images, string? path, bool isReused, Action<int> computed)
    {
        if (path is not null && !FitsFile(images.Count, network.OutputShape.ElementCount))
        {
            channel.Warning(
                MessageSensitivity.None,
                FormattableString.Invariant($"A file has at most {int.MaxValue} numbers; the features of {images.Count} images, ")
                + FormattableString.Invariant($"{network.OutputShape.ElementCount} each, are more and are not kept in \"{path}\"."));
            path = null;
        }

        if (path is not null && File.Exists(path) && RegularFile.FaultOf(path) is { } fault)
        {
            // Neither read nor written: who opened a pipe might wait forever.
            channel.Warning(MessageSensitivity.None, $"Features are kept in a regular file. Received: \"{path}\", {fault}; they are not kept.");
            path = null;
        }

        string? hash = path is null ? null : HashOf(images);
        if (isReused && path is not null && Read(images, path, hash!) is { } known)
        {
            channel.Info(MessageSensitivity.None, $"The features of {images.Count} images are those of \"{path}\".");
            return known;
        }

        InMemoryDataset features = FeatureExtraction.Run(
            network, weights, images, numberOfThreads: numberOfThreads, computed: computed, cancellationToken: cancellation);
        if (path is not null)
        {
            try
            {
                Write(features, path, hash!);
            }
            catch (Exception exception) when (IsOfFile(exception))
            {
                // The training has what it needs.
                channel.Warning(MessageSensitivity.None, $"The features of the images cannot be kept in \"{path}\": {exception.Message}");
            }
            catch
            {
                features.Dispose();
                throw;
            }
        }

        return features;
    }

    /// <summary>Throws where a folder cannot be written to; it is made where it is not there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void RequireFolder(string folder)
    {
        try
        {
            _ = Directory.CreateDirectory(folder);
            using FileStream probe = new(
                Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            throw new ArgumentException(
                $"{nameof(ConvNetFineTuningTrainer.Options.WorkspacePath)} is a folder that can be written to. Received: \"{folder}\": {exception.Message}",
                exception);
        }
    }

    /// <summary>Whether the features of so many images are no more numbers than a file has.</summary>
    internal static bool FitsFile(int images, int length) => (long)images * length <= int.MaxValue;

    private static bool IsOfFile(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private static void Write(InMemoryDataset features, string path, string hash)
    {
        int length = features.Shape.ElementCount;
        using Tensor tensor = new([features.Count, length]);
        for (int i = 0; i < features.Count; i++)
        {
            features.ReadSample(i, tensor.Span.Slice(i * length, length));
        }

        _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, file => SafeTensors.WriteTensors(
            [KeyValuePair.Create(FeaturesName, tensor)], file, new Dictionary<string, string> { [HashName] = hash }));
    }

    /// <summary>Reads features; null where the file is not there, or has those of something else.</summary>
    private InMemoryDataset? Read(ImageDataset images, string path, string hash)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            using SafeTensorsContent content = SafeTensors.ReadTensors(file);
            int length = network.OutputShape.ElementCount;
            if (content.Metadata.GetValueOrDefault(HashName) != hash || content.Tensors.GetValueOrDefault(FeaturesName) is not { } tensor
                || tensor.Shape != new Shape(images.Count, length))
            {
                channel.Info(
                    MessageSensitivity.None, $"\"{path}\" has the features of other images, layers or weights, and is written anew.");
                return null;
            }

            InMemoryDataset features = new(network.OutputShape, images.ClassCount);
            for (int i = 0; i < images.Count; i++)
            {
                features.Add(tensor.Span.Slice(i * length, length), images.LabelOf(i));
            }

            return features;
        }
        catch (Exception exception) when (exception is not ModelFormatException && IsOfFile(exception))
        {
            channel.Warning(MessageSensitivity.None, $"\"{path}\" cannot be read, and the features are computed anew: {exception.Message}");
            return null;
        }
        catch (ModelFormatException exception)
        {
            channel.Warning(MessageSensitivity.None, $"\"{path}\" is damaged and written anew: {exception.Message}");
            return null;
        }
    }

    private string HashOf(ImageDataset images)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(NetworkJson.ToText(network) + weights.ComputeHash()));
        float[] pixels = new float[images.Shape.ElementCount];
        for (int i = 0; i < images.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            images.ReadSample(i, pixels);
            hash.AppendData(MemoryMarshal.AsBytes(pixels.AsSpan()));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
