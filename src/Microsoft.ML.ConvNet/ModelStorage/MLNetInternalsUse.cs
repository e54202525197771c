extern alias MLNetInternals;

using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet;
using Microsoft.ML.ConvNet.Augmenting;
using Microsoft.ML.ConvNet.Featurizing;
using Microsoft.ML.ConvNet.ModelStorage;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.Runtime;
using LoadableClassAttribute = MLNetInternals::Microsoft.ML.LoadableClassAttribute;
using LoadContext = MLNetInternals::Microsoft.ML.ModelLoadContext;
using SaveContext = MLNetInternals::Microsoft.ML.ModelSaveContext;
using SignatureLoadModel = MLNetInternals::Microsoft.ML.SignatureLoadModel;
using ModelVersion = MLNetInternals::Microsoft.ML.VersionInfo;

// The second is read by ML.NET when a model file names this assembly; without the first the runtime passes it over in silence.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(
    typeof(ConvNetTransformer),
    typeof(MLNetInternalsUse),
    null,
    typeof(SignatureLoadModel),
    "Convolutional network",
    MLNetInternalsUse.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ImageAugmentingTransformer),
    typeof(MLNetInternalsUse.Augmenting),
    null,
    typeof(SignatureLoadModel),
    "Augmentation of images",
    MLNetInternalsUse.Augmenting.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ConvNetFeaturizerTransformer),
    typeof(MLNetInternalsUse.Featurizer),
    null,
    typeof(SignatureLoadModel),
    "Features of a convolutional network",
    MLNetInternalsUse.Featurizer.LoaderSignature)]

namespace Microsoft.ML.ConvNet.ModelStorage;

/// <summary>
/// All that the pack uses of ML.NET's internals: what a transformer needs to write itself to a model file and to be found when the file
/// is read. See build/internals.
/// </summary>
internal static class MLNetInternalsUse
{
    /// <summary>What a model file calls the transformer; at most 24 characters.</summary>
    public const string LoaderSignature = "ConvNetTransformer";

    private const string ModelSignature = "CONVNET ";
    private const uint Version = 0x00010001;

    /// <summary>Writes a transformer's streams to a model file.</summary>
    public static void Save(ModelSaveContext context, ModelStreams streams)
    {
        SaveContext internals = Unsafe.As<SaveContext>(context);
        internals.CheckAtModel();
        internals.SetVersionInfo(Info());
        streams.Write((name, write) => internals.SaveBinaryStream(name, writer => write(writer.BaseStream)));
    }

    /// <summary>Writes what an augmenting transformer does to a model file.</summary>
    public static void Save(ModelSaveContext context, AugmentingSettings settings)
    {
        SaveContext internals = Unsafe.As<SaveContext>(context);
        internals.CheckAtModel();
        internals.SetVersionInfo(Augmenting.Info());
        internals.SaveBinaryStream(AugmentingJson.Name, writer => writer.Write(AugmentingJson.Write(settings)));
    }

    /// <summary>Writes the layers of a featurizer to a model file.</summary>
    public static void Save(ModelSaveContext context, FeaturizerModel featurizer)
    {
        SaveContext internals = Unsafe.As<SaveContext>(context);
        internals.CheckAtModel();
        internals.SetVersionInfo(Featurizer.Info());
        FeaturizerSettings.Write(featurizer, (name, write) => internals.SaveBinaryStream(name, writer => write(writer.BaseStream)));
    }

    /// <summary>Makes a transformer of a model file's streams; ML.NET calls it, by name.</summary>
    public static ConvNetTransformer Create(IHostEnvironment environment, LoadContext context)
    {
        context.CheckAtModel(Info());
        try
        {
            ArchiveEntries entries = ArchiveEntries.Of(context);
            entries.CheckOthers();
            ModelStreams streams = ModelStreams.Of(NetworkFile.Read(
                (name, read) => context.TryLoadBinaryStream(name, reader => entries.Read(name, reader.BaseStream, read))));
            return new ConvNetTransformer(environment, streams.Parameters, streams.Columns, streams.LabelColumn, streams.FeatureType)
            {
                WeightStorage = streams.Storage,
            };
        }
        catch (ModelFormatException exception)
        {
            // ML.NET wraps an error that it knows in one of its own, and leaves any other in reflection's.
            _ = environment.Process(exception);
            throw;
        }
    }

    // The assembly's simple name: a full one would tie the file to one version of the package.
    private static ModelVersion Info() =>
        new(ModelSignature, Version, Version, Version, typeof(MLNetInternalsUse).Assembly.GetName().Name!, LoaderSignature);

    /// <summary>The same for augmenting transformers.</summary>
    internal static class Augmenting
    {
        /// <summary>What a model file calls the transformer; at most 24 characters.</summary>
        public const string LoaderSignature = "ImageAugmenting";

        private const string ModelSignature = "CNVNTAUG";
        private const uint Version = 0x00010001;

        /// <summary>Makes a transformer of a model file's stream; ML.NET calls it, by name.</summary>
        public static ImageAugmentingTransformer Create(IHostEnvironment environment, LoadContext context)
        {
            context.CheckAtModel(Info());
            try
            {
                ArchiveEntries entries = ArchiveEntries.Of(context);
                entries.CheckOthers();
                using MemoryStream content = new();
                _ = context.TryLoadBinaryStream(
                    AugmentingJson.Name, reader => entries.Read(AugmentingJson.Name, reader.BaseStream, stream => stream.CopyTo(content)));
                return new ImageAugmentingTransformer(environment, AugmentingJson.Read(content.ToArray()));
            }
            catch (ModelFormatException exception)
            {
                _ = environment.Process(exception);
                throw;
            }
        }

        /// <summary>What the model file says of the transformer.</summary>
        public static ModelVersion Info() =>
            new(ModelSignature, Version, Version, Version, typeof(MLNetInternalsUse).Assembly.GetName().Name!, LoaderSignature);
    }

    /// <summary>The same for featurizers.</summary>
    internal static class Featurizer
    {
        /// <summary>What a model file calls the transformer; at most 24 characters.</summary>
        public const string LoaderSignature = "ConvNetFeaturizer";

        private const string ModelSignature = "CNVNTFTR";
        private const uint Version = 0x00010001;

        /// <summary>Makes a transformer of a model file's streams; ML.NET calls it, by name.</summary>
        public static ConvNetFeaturizerTransformer Create(IHostEnvironment environment, LoadContext context)
        {
            context.CheckAtModel(Info());
            try
            {
                ArchiveEntries entries = ArchiveEntries.Of(context);
                entries.CheckOthers();
                return new ConvNetFeaturizerTransformer(environment, FeaturizerSettings.Read(NetworkFile.Read(
                    (name, read) => context.TryLoadBinaryStream(name, reader => entries.Read(name, reader.BaseStream, read)))));
            }
            catch (ModelFormatException exception)
            {
                _ = environment.Process(exception);
                throw;
            }
        }

        /// <summary>What the model file says of the transformer.</summary>
        public static ModelVersion Info() =>
            new(ModelSignature, Version, Version, Version, typeof(MLNetInternalsUse).Assembly.GetName().Name!, LoaderSignature);
    }
}
