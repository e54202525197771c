using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

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

    /// <summary>Takes the hashes out of a model's settings: a model from before there were any, or one whose settings somebody edits.</summary>
    public static void RemoveHashes(string path) => Change(path, "settings.json", content =>
    {
        JsonObject settings = JsonNode.Parse(content)!.AsObject();
        foreach (string field in new[] { "networkSha256", "weightsSha256", "settingsSha256" })
        {
            Assert.IsTrue(settings.Remove(field));
        }

        return Encoding.UTF8.GetBytes(settings.ToJsonString());
    });

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
