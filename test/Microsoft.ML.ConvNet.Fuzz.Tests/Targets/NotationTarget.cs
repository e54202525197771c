using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;
using Microsoft.ML.ConvNet.Networks.Notation;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>Layers in one line, as users type them.</summary>
internal sealed class NotationTarget : FuzzTarget
{
    private static readonly string[] Lines =
    [
        "conv3-32 relu pool2 conv3-32 relu pool2 fc500 relu fc",
        "28x28x1 [conv3-8p1 bn relu]*3 gap fc10 softmax",
        "conv5-20s2 lrelu0.1 avgpool3s2 dropout0.5 fc",
    ];

    /// <inheritdoc/>
    public override string Name => "notation";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) => exception is NetworkNotationException or ArgumentException { ParamName: "input" or null };

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        string line = Lines[random.Next(Lines.Length)];
        string changed = random.Next(2) == 0 ? TextMutation.Change(line, random) : WithOtherWords(line, random);
        _ = NetworkNotation.Build(changed, random.Next(2) == 0 ? new Shape(28, 28, 1) : null, random.Next(2) == 0 ? 10 : null);
    }

    // Words of any line in any order.
    private static string WithOtherWords(string line, Random random)
    {
        string[] words = line.Split(' ');
        string[] others = Lines[random.Next(Lines.Length)].Split(' ');
        words[random.Next(words.Length)] = others[random.Next(others.Length)];
        return string.Join(' ', words);
    }
}
