using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.ModelStorage;

/// <summary>
/// The entries of the archive that ML.NET reads a model from, to compare the checksums that neither it nor .NET compares. They are found in
/// private fields of ML.NET's, unchanged from 1.0 to 6.0; in a version without them nothing is compared, and the hashes of our own parts remain.
/// </summary>
internal sealed class ArchiveEntries
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The archives whose other entries were compared, for as long as ML.NET has them: each network in a model asks for it.</summary>
    private static readonly ConditionalWeakTable<object, object> Compared = [];

    private readonly IReadOnlyDictionary<string, ZipArchiveEntry> _entries;
    private readonly string _folder;

    private ArchiveEntries(IReadOnlyDictionary<string, ZipArchiveEntry> entries, string folder)
    {
        _entries = entries;
        _folder = folder;
    }

    /// <summary>The entries that a transformer's context is one of.</summary>
    public static ArchiveEntries Of(object context)
    {
        object? repository = context.GetType().GetField("Repository", Fields)?.GetValue(context);
        object? entries = repository?.GetType().GetField("_entries", Fields)?.GetValue(repository);
        string? folder = context.GetType().GetField("Directory", Fields)?.GetValue(context) as string;
        return new ArchiveEntries(
            entries as IReadOnlyDictionary<string, ZipArchiveEntry> ?? new Dictionary<string, ZipArchiveEntry>(), ArchivePath.Of(folder ?? string.Empty));
    }

    /// <summary>
    /// Compares what is no network's own: the names of classes that ML.NET's steps keep, for one. Once in an archive, however many networks
    /// are in it.
    /// </summary>
    /// <exception cref="ModelFormatException">A part is damaged; the message names it.</exception>
    public void CheckOthers()
    {
        if (Compared.TryGetValue(_entries, out _))
        {
            return;
        }

        try
        {
            ZipChecksum.Check(_entries.Values.Where(entry => !IsPart(entry)));
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFormatException($"The model file is damaged: {exception.Message}", exception);
        }

        Compared.AddOrUpdate(_entries, _entries);
    }

    /// <summary>Lets a part of the transformer be read, and compares its checksum.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void Read(string name, Stream content, Action<Stream> read)
    {
        string path = _folder.Length == 0 ? name : $"{_folder}/{name}";
        if (_entries.Values.FirstOrDefault(entry => ArchivePath.Of(entry) == path) is { } entry)
        {
            ZipChecksum.Read(entry, content, read);
        }
        else
        {
            read(content);
        }
    }

    // Another network's parts are for its own loader to check.
    private static bool IsPart(ZipArchiveEntry entry)
    {
        string path = ArchivePath.Of(entry);
        return path[(path.LastIndexOf('/') + 1)..]
            is NetworkFile.NetworkName or NetworkFile.WeightsName or NetworkFile.SettingsName;
    }
}
