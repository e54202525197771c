using System.Diagnostics;
using System.Text;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Saving;

/// <summary>
/// What a program does that never heard of the pack: it loads a model with ML.NET and scores. The test assembly is that program, too.
/// </summary>
internal static class FreshProcess
{
    private const string Pack = "Microsoft.ML.ConvNet";

    /// <summary>The program: loads the model, scores the images of a seed, and prints the scores' bits and the predicted names.</summary>
    public static int Score(string path, string seed) => Print(
        path, (context, model) => Score(context, model, int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The program: loads a model, and prints what it gives.</summary>
    public static int Print(string path, Func<MLContext, ITransformer, IEnumerable<string>> given)
    {
        if (AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == Pack))
        {
            Console.Error.WriteLine("The pack was loaded before the model was.");
            return 3;
        }

        MLContext context = new();
        ITransformer model = context.Model.Load(path, out _);
        foreach (string line in given(context, model))
        {
            Console.WriteLine(line);
        }

        return 0;
    }

    /// <summary>A line for each image: the scores' bits and the predicted name.</summary>
    public static IEnumerable<string> Score(MLContext context, ITransformer model, int seed)
    {
        IDataView scored = model.Transform(context.Data.LoadFromEnumerable(BarImages.Create(20, seed)));
        return scored.GetColumn<float[]>("Score")
            .Zip(scored.GetColumn<ReadOnlyMemory<char>>("PredictedLabel"))
            .Select(row => $"{string.Join(' ', row.First.Select(BitConverter.SingleToUInt32Bits))} {row.Second}")
            .ToArray();
    }

    /// <summary>The program: loads a model and saves it elsewhere.</summary>
    public static int Copy(string from, string to)
    {
        MLContext context = new();
        ITransformer model = context.Model.Load(from, out DataViewSchema schema);
        context.Model.SaveAtomically(model, schema, to);
        return 0;
    }

    /// <summary>Starts the program to score.</summary>
    public static string[] Run(string model, int seed) => Lines("score", model, $"{seed}");

    /// <summary>Starts the program, and gives the lines that it writes.</summary>
    public static string[] Lines(params string[] arguments)
    {
        using MemoryStream output = Start(arguments);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Starts the program, and gives what it writes.</summary>
    public static MemoryStream Start(params string[] arguments)
    {
        using Process process = new();
        process.StartInfo = new ProcessStartInfo("dotnet", ["exec", typeof(FreshProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process.Start();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        output.Position = 0;
        return output;
    }
}
