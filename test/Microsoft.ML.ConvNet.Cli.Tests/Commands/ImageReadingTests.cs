using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Image files are read whole or not at all, and not before their header was looked at.</summary>
[TestClass]
public sealed class ImageReadingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void An_image_whose_header_states_billions_of_pixels_is_refused_before_memory_is_taken()
    {
        PngFiles.WriteHeaderOf(_folder["huge.png"], 60_000, 60_000);
        Assert.IsTrue(new FileInfo(_folder["huge.png"]).Length < 1_000);
        string[] said = [_folder["huge.png"], "60000x60000 pixels, 3,600,000,000", "at most 200,000,000", "--max-pixels"];
        foreach (string model in (string[])[TrainedModels.ColoursModel, TrainedModels.DigitsModel])
        {
            ConvNetProgram.Run("predict", "--model", model, _folder["huge.png"]).FailedWithOneLine(said);
        }

        string folder = ImageFolders.WriteColours(_folder["data"], perClass: 3, size: _ => 20, seed: 1);
        string huge = Path.Combine(folder, "red", "1.png");
        File.Move(_folder["huge.png"], huge, overwrite: true);
        ConvNetProgram.Run("evaluate", "--model", TrainedModels.ColoursModel, "--data", folder).FailedWithOneLine(huge, "60000x60000");
        ConvNetProgram.Run("train", "--data", folder, "--arch", "lenet5", "--model", _folder["m.zip"]).FailedWithOneLine(huge, "60000x60000");
    }

    [TestMethod]
    public void A_file_is_held_in_memory_once_and_no_longer_than_it_is_read()
    {
        // The decoder looks at the first kilobyte; the rest is there to be counted.
        const int Megabyte = 1 << 20;
        const int Length = 64 * Megabyte;
        ImageFolders.WriteColour(_folder["large.png"], 20, 0, new Random(1));
        foreach (string name in (string[])["large.png", "zeros.png"])
        {
            using FileStream file = new(_folder[name], FileMode.OpenOrCreate);
            file.SetLength(Length);
        }

        new ImageDecoder().Decode(_folder["large.png"]).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        new ImageDecoder().Open(_folder["large.png"]).Dispose();
        Assert.IsTrue(GC.GetAllocatedBytesForCurrentThread() - before < Megabyte, "there is no copy in managed memory");

        long set = Environment.WorkingSet;
        for (int i = 0; i < 6; i++)
        {
            new ImageDecoder().Open(_folder["large.png"]).Dispose();
            new ImageDecoder().Decode(_folder["large.png"]).Dispose();
            Assert.ThrowsExactly<CommandException>(() => new ImageDecoder { MostPixels = 1 }.Decode(_folder["large.png"]));
            Assert.ThrowsExactly<CommandException>(() => new ImageDecoder().Decode(_folder["zeros.png"]));
        }

        Assert.IsTrue(Environment.WorkingSet - set < 8L * Length, "each of the 24 was freed");
    }

    [TestMethod]
    public void The_most_pixels_of_an_image_can_be_said()
    {
        ImageFolders.WriteColour(_folder["a.png"], 20, 0, new Random(1));
        string[] predict = ["predict", "--model", TrainedModels.ColoursModel, _folder["a.png"], "--max-pixels"];
        ConvNetProgram.Run([.. predict, "400"]).Succeeded();
        ConvNetProgram.Run([.. predict, "399"]).FailedWithOneLine(_folder["a.png"], "20x20 pixels, 400, and at most 399 are read");
        ConvNetProgram.Run([.. predict, "0"]).FailedWithOneLine("--max-pixels is a whole number from 1 to 500000000. Received: 0.");
    }

    [TestMethod]
    [DataRow("png")]
    [DataRow("jpg")]
    [DataRow("webp")]
    public void An_image_that_ends_early_is_an_error(string extension)
    {
        string path = _folder[$"a.{extension}"];
        ImageFolders.WriteColour(path, 60, 1, new Random(2));
        byte[] whole = File.ReadAllBytes(path);
        using (MLImage read = new ImageDecoder().Decode(path))
        {
            Assert.AreEqual(60, read.Width);
        }

        File.WriteAllBytes(path, whole[..(whole.Length * 3 / 4)]);
        CommandException error = Assert.ThrowsExactly<CommandException>(() => new ImageDecoder().Decode(path).Dispose());
        Assert.AreEqual($"The file \"{path}\" cannot be read as an image: it ends before its image does.", error.Message);
    }

    [TestMethod]
    [DataRow("png")]
    [DataRow("jpg")]
    [DataRow("webp")]
    public void A_whole_image_is_read_as_ML_NET_reads_it(string extension)
    {
        string path = _folder[$"a.{extension}"];
        ImageFolders.WriteColour(path, 61, 2, new Random(3));
        RequireSame(path);
    }

    [TestMethod]
    public void A_transparent_image_is_read_as_ML_NET_reads_it_or_put_on_white()
    {
        // Full, half transparent, nearly and wholly transparent, of a colour of 200, 100, 0.
        PngFiles.Write(_folder["a.png"], 4, 1, [200, 100, 0, 255, 200, 100, 0, 128, 200, 100, 0, 1, 200, 100, 0, 0]);
        RequireSame(_folder["a.png"]);
        using MLImage image = new ImageDecoder { PutsOnWhite = true }.Decode(_folder["a.png"]);
        bool isBlueFirst = image.PixelFormat == MLPixelFormat.Bgra32;
        byte[] pixels = image.Pixels.ToArray();

        // colour * alpha / 255 + 255 - alpha
        (int Red, int Green, int Blue)[] expected = [(200, 100, 0), (227, 177, 127), (255, 254, 254), (255, 255, 255)];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i].Red, pixels[(4 * i) + (isBlueFirst ? 2 : 0)], 1);
            Assert.AreEqual(expected[i].Green, pixels[(4 * i) + 1], 1);
            Assert.AreEqual(expected[i].Blue, pixels[(4 * i) + (isBlueFirst ? 0 : 2)], 1);
            Assert.AreEqual(255, pixels[(4 * i) + 3]);
        }
    }

    [TestMethod]
    public void A_transparent_image_is_predicted_as_on_white_ground_by_a_model_of_pixels()
    {
        byte[] strokes = new byte[28 * 28 * 4];
        byte[] onWhite = new byte[28 * 28 * 4];
        Array.Fill(onWhite, byte.MaxValue);
        for (int row = 5; row < 23; row++)
        {
            for (int column = 12; column < 16; column++)
            {
                int at = ((row * 28) + column) * 4;
                strokes[at + 3] = byte.MaxValue;
                onWhite.AsSpan(at, 3).Clear();
            }
        }

        PngFiles.Write(_folder["transparent.png"], 28, 28, strokes);
        PngFiles.Write(_folder["white.png"], 28, 28, onWhite);
        ConvNetProgram.Run(
            "predict", "--model", TrainedModels.DigitsModel, "--json", _folder["p.json"], _folder["transparent.png"], _folder["white.png"])
            .Succeeded();
        JsonElement predictions = TrainedModels.ReadJson(_folder["p.json"]).GetProperty("predictions");
        Assert.AreEqual(predictions[1].GetProperty("probabilities").GetRawText(), predictions[0].GetProperty("probabilities").GetRawText());
    }

    [TestMethod]
    public void Training_on_transparent_images_is_training_on_white_ground()
    {
        List<string> losses = [];
        foreach (bool isTransparent in (bool[])[true, false])
        {
            string folder = _folder[$"{isTransparent}"];
            WriteStrokes(folder, perClass: 12, isTransparent);
            ConvNetProgram.Run(
                "train", "--data", folder, "--arch", "lenet5", "--epochs", "6", "--batch-size", "6",
                "--model", _folder["m.zip"], "--json", _folder["r.json"]).Succeeded();
            JsonElement report = TrainedModels.ReadJson(_folder["r.json"]);
            losses.Add(string.Join(' ', report.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetRawText())));
            Assert.IsTrue(report.GetProperty("accuracy").GetDouble() > 0.9, "lying strokes are told from standing ones");
        }

        Assert.AreEqual(losses[1], losses[0]);
    }

    [TestMethod]
    public void Images_that_all_look_the_same_to_the_network_are_warned_of()
    {
        foreach (string name in (string[])["a", "b"])
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder["data"], name)).FullName;
            for (int i = 0; i < 4; i++)
            {
                // White of any alpha is white on white.
                PngFiles.Write(
                    Path.Combine(folder, $"{i}.png"), 16, 16, [.. Enumerable.Repeat<byte[]>([255, 255, 255, (byte)(60 * i)], 256).SelectMany(pixel => pixel)]);
            }
        }

        ProgramRun run = ConvNetProgram.Run(
            "train", "--data", _folder["data"], "--arch", "16x16x3 conv3-4 gap fc", "--epochs", "1", "--model", _folder["m.zip"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.StartsWith(run.Error, "warning: ");
        StringAssert.Contains(run.Error, "same");
    }

    [TestMethod]
    public void One_bad_file_does_not_keep_the_others_from_being_predicted()
    {
        foreach (string name in (string[])["a.png", "b.png"])
        {
            ImageFolders.WriteColour(_folder[name], 20, 0, new Random(4));
        }

        File.WriteAllText(_folder["page.jpg"], "<html></html>");
        File.WriteAllBytes(_folder["empty.png"], []);
        string[] bad = [_folder["page.jpg"], _folder["none.png"], _folder["empty.png"], _folder.Path];
        foreach (string model in (string[])[TrainedModels.ColoursModel, TrainedModels.DigitsModel])
        {
            ProgramRun run = ConvNetProgram.Run(
                ["predict", "--model", model, _folder["a.png"], .. bad, _folder["b.png"], "--json", _folder["p.json"]]);
            Assert.AreEqual(1, run.ExitCode);
            string[] lines = run.Output.TrimEnd('\n').Split('\n');
            Assert.AreEqual(2, lines.Length, run.Output);
            StringAssert.StartsWith(lines[0], $"{_folder["a.png"]}: ");
            StringAssert.StartsWith(lines[1], $"{_folder["b.png"]}: ");
            string[] errors = run.Error.TrimEnd('\n').Split('\n');
            Assert.AreEqual(bad.Length, errors.Length, run.Error);
            foreach ((string path, string error) in bad.Zip(errors))
            {
                StringAssert.StartsWith(error, "error: ");
                StringAssert.Contains(error, $"\"{path}\"");
            }

            JsonElement report = TrainedModels.ReadJson(_folder["p.json"]);
            Assert.AreEqual(2, report.GetProperty("predictions").GetArrayLength());
            CollectionAssert.AreEqual(
                bad, report.GetProperty("unread").EnumerateArray().Select(unread => unread.GetProperty("image").GetString()).ToArray());
        }
    }

    [TestMethod]
    public void What_the_decoder_reads_is_taken_and_what_is_passed_over_is_counted_and_named()
    {
        string folder = ImageFolders.WriteColours(_folder["data"], perClass: 2, size: _ => 20, seed: 1);
        string red = Path.Combine(folder, "red");
        ImageFolders.WriteColour(Path.Combine(red, "c.webp"), 20, 2, new Random(5));
        ImageFolders.WriteColour(Path.Combine(red, "d.jpg"), 20, 2, new Random(5));
        File.Move(Path.Combine(red, "d.jpg"), Path.Combine(red, "d.jfif"));
        File.WriteAllText(Path.Combine(red, "e.tif"), "II*");
        File.WriteAllBytes(Path.Combine(red, "f.png"), []);
        ProgramRun run = ConvNetProgram.Run("evaluate", "--model", TrainedModels.ColoursModel, "--data", folder);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, " 8 images ");
        StringAssert.StartsWith(run.Error, "warning: passed over 2 files, ");
        StringAssert.Contains(run.Error, Path.Combine(red, "e.tif"));
        StringAssert.Contains(run.Error, Path.Combine(red, "f.png"));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_pipe_among_the_images_is_passed_over_and_not_waited_for()
    {
        string folder = ImageFolders.WriteColours(_folder["data"], perClass: 2, size: _ => 20, seed: 1);
        string pipe = Path.Combine(folder, "red", "p.png");
        using (Process maker = Process.Start("mkfifo", [pipe]))
        {
            maker.WaitForExit();
        }

        File.CreateSymbolicLink(Path.Combine(folder, "red", "link.png"), pipe);
        File.CreateSymbolicLink(Path.Combine(folder, "red", "good.png"), Path.Combine(folder, "red", "0.png"));
        ProgramRun run = ConvNetProgram.Run("evaluate", "--model", TrainedModels.ColoursModel, "--data", folder);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, " 7 images ");
        StringAssert.StartsWith(run.Error, "warning: passed over 2 files, ");
        ConvNetProgram.Run("predict", "--model", TrainedModels.ColoursModel, pipe).FailedWithOneLine(pipe, "no regular file");
    }

    // Black strokes, lying or standing, opaque within and half transparent at their edges.
    private static void WriteStrokes(string folder, int perClass, bool isTransparent)
    {
        const int Size = 28;
        foreach (bool isLying in (bool[])[true, false])
        {
            string classFolder = Directory.CreateDirectory(Path.Combine(folder, isLying ? "lying" : "standing")).FullName;
            for (int i = 0; i < perClass; i++)
            {
                byte[] pixels = new byte[Size * Size * 4];
                for (int pixel = 0; pixel < Size * Size; pixel++)
                {
                    (int along, int across) = isLying ? (pixel % Size, pixel / Size) : (pixel / Size, pixel % Size);
                    int distance = Math.Abs(across - 6 - i);
                    byte alpha = along is < 4 or > 23 ? (byte)0 : distance <= 1 ? byte.MaxValue : distance == 2 ? (byte)128 : (byte)0;
                    byte onWhite = (byte)(byte.MaxValue - alpha);
                    (isTransparent ? (byte[])[0, 0, 0, alpha] : [onWhite, onWhite, onWhite, byte.MaxValue]).CopyTo(pixels, 4 * pixel);
                }

                PngFiles.Write(Path.Combine(classFolder, $"{i}.png"), Size, Size, pixels);
            }
        }
    }

    private static void RequireSame(string path)
    {
        using MLImage expected = MLImage.CreateFromFile(path);
        using MLImage read = new ImageDecoder().Decode(path);
        Assert.AreEqual(expected.PixelFormat, read.PixelFormat);
        Assert.AreEqual((expected.Height, expected.Width), (read.Height, read.Width));
        CollectionAssert.AreEqual(expected.Pixels.ToArray(), read.Pixels.ToArray());
    }
}
