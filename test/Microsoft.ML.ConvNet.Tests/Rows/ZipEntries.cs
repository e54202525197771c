using System.IO.Compression;

namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>The entries of a model file.</summary>
internal static class ZipEntries
{
    /// <summary>The content of the entry of a name, in whatever folder.</summary>
    public static byte[] Read(string path, string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return Content(Find(archive, name));
    }

    /// <summary>Puts another content in the place of an entry's.</summary>
    public static void Change(string path, string name, Func<byte[], byte[]> change)
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Update);
        ZipArchiveEntry entry = Find(archive, name);
        string fullName = entry.FullName;
        byte[] content = change(Content(entry));
        entry.Delete();
        using Stream stream = archive.CreateEntry(fullName).Open();
        stream.Write(content);
    }

    private static ZipArchiveEntry Find(ZipArchive archive, string name) =>
        archive.Entries.Single(entry => entry.FullName.Replace('\\', '/').Split('/')[^1] == name);

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using MemoryStream memory = new();
        using Stream stream = entry.Open();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
