using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Networks.Notation;

/// <summary>
/// A network without branches in one line of text: words for layers, in order.
/// </summary>
/// <remarks>
/// <para>Blanks, commas or arrows (<c>-&gt;</c>) separate the words. <c>[...]*3</c> repeats what stands in the brackets; brackets may stand
/// in brackets. The first word may be the size of the images, <c>28x28x1</c>. Case does not matter.</para>
/// <para><c>conv3-32</c> is a convolution of 3x3 with 32 filters, which keeps the size; <c>conv3x5-32</c> one of 3x5. Options follow:
/// stride <c>s2</c>, padding <c>p0</c>, dilation <c>d2</c>, groups <c>g4</c>, no bias <c>b0</c>, as in <c>conv3-32s2b0</c>. <c>dwconv3</c>
/// is a depthwise convolution, with the same options but groups.</para>
/// <para><c>pool2</c> or <c>maxpool2</c> is max pooling of 2x2 at stride 2, <c>avgpool3s2p1</c> the mean of 3x3 at stride 2 with padding 1;
/// <c>gap</c> and <c>gmp</c> are the mean and the maximum over the image.</para>
/// <para><c>fc500</c> is a fully connected layer of 500 units, which flattens an image; <c>fc</c> has as many as there are classes.</para>
/// <para>Functions are written as their layers are called, in lower case: <c>relu</c>, <c>gelu</c>, <c>hardswish</c>, <c>softmax</c>;
/// <c>relu6</c> is clipped at 6, and <c>leakyrelu0.1</c> has the slope 0.1. <c>bn</c>, <c>lrn</c>, <c>in</c> and <c>gn8</c> are batch,
/// local response, instance and group normalisation (in 8 groups); <c>dropout0.3</c> is dropout, of 0.5 where no rate is given;
/// <c>flatten</c> makes a vector of an image. The error for a word that is none lists them all.</para>
/// </remarks>
/// <example>
/// <code>
/// Network network = NetworkNotation.Build("conv3-32 relu pool2 conv3-32 relu pool2 fc500 relu fc10", [28, 28, 1]);
/// Network vgg16 = NetworkNotation.Build(
///     "224x224x3 [conv3-64 relu]*2 pool2 [conv3-128 relu]*2 pool2 [conv3-256 relu]*3 pool2 [[conv3-512 relu]*3 pool2]*2 "
///     + "[fc4096 relu dropout]*2 fc1000 softmax");
/// </code>
/// </example>
public static class NetworkNotation
{
    private const int MostRepetitions = 1000;
    private const int DeepestNesting = 16;

    private static readonly Dictionary<string, NotationWord> Words =
        LayerKinds.All.SelectMany(kind => kind.Words).ToDictionary(word => word.Name, StringComparer.Ordinal);

    /// <summary>Builds the network.</summary>
    /// <param name="notation">The text.</param>
    /// <param name="input">The images, <c>[H, W, C]</c>; where not given, the size that the text begins with.</param>
    /// <param name="classes">The number of outputs of <c>fc</c> without a number, where it is known.</param>
    /// <exception cref="NetworkNotationException">
    /// The text has a word that is none, or a layer that does not fit; the exception says where.
    /// </exception>
    /// <exception cref="ArgumentException">Neither the text nor the caller says how large the images are.</exception>
    public static Network Build(string notation, Shape? input = null, int? classes = null)
    {
        ArgumentNullException.ThrowIfNull(notation);
        List<NotationToken> tokens = NotationToken.Split(notation);
        Shape? written = InputOf(tokens);
        Shape images = input ?? written ?? throw new ArgumentException(
            $"A network in notation begins with the size of its images, as 28x28x1, where nothing else says it. Received: \"{notation}\".",
            nameof(input));
        List<NotationToken> layers = written is null ? tokens : tokens[1..];
        Check(notation, layers);
        return Build(layers, Network.Input(images), classes).ToNetwork(notation);
    }

    /// <summary>The size of the images that a text begins with, if it does.</summary>
    internal static Shape? InputOf(string notation) => InputOf(NotationToken.Split(notation));

    /// <summary>The units of the last fully connected layer, if there is one with a number.</summary>
    internal static int? ClassesOf(string notation)
    {
        NotationToken last = NotationToken.Split(notation).LastOrDefault(token => NameOf(token) == "fc");
        return last.Length == 0 ? null : NotationArguments.Read(last).Size?.Height;
    }

    /// <summary>
    /// Whether a text is meant as a notation, right or wrong, and not as a name: it has several words or brackets, or its one word is a
    /// layer.
    /// </summary>
    internal static bool IsMeantBy([NotNullWhen(true)] string? text)
    {
        List<NotationToken> tokens = text is null ? [] : NotationToken.Split(text);
        return tokens.Count > 1 || (tokens.Count == 1 && IsLayer(tokens[0]));
    }

    /// <summary>Checks the words and the brackets, without building anything.</summary>
    /// <exception cref="NetworkNotationException">A word is no layer, or a bracket has no other.</exception>
    internal static void Check(string notation)
    {
        List<NotationToken> tokens = NotationToken.Split(notation);
        Check(notation, InputOf(tokens) is null ? tokens : tokens[1..]);
    }

    private static void Check(string notation, List<NotationToken> layers)
    {
        if (layers.Count == 0)
        {
            throw new NetworkNotationException(
                "A network in notation has a layer at least.", notation, position: 0, length: notation.Length);
        }

        Stack<NotationToken> open = new();
        for (int i = 0; i < layers.Count; i++)
        {
            NotationToken token = layers[i];
            switch (token.Text[0])
            {
                case '[' when open.Count == DeepestNesting:
                    throw token.Error(Invariant($"Brackets stand in at most {DeepestNesting} others."));
                case '[':
                    open.Push(token);
                    break;
                case ']' when open.Count == 0:
                    throw token.Error("No bracket is open here.");
                case ']' when layers[i - 1].Text[0] == '[':
                    throw token.Error("Brackets have a layer in them.");
                case ']':
                    _ = RepetitionsOf(token);
                    open.Pop();
                    break;
                default:
                    _ = WordOf(NotationArguments.Read(token));
                    break;
            }
        }

        if (open.TryPop(out NotationToken unclosed))
        {
            throw unclosed.Error("This bracket is not closed.");
        }
    }

    private static SymbolicTensor Build(List<NotationToken> layers, SymbolicTensor x, int? classes)
    {
        // Where each open bracket stands, and how often what follows it has been gone through.
        Stack<(int At, int Rounds)> open = new();
        for (int i = 0; i < layers.Count; i++)
        {
            NotationToken token = layers[i];
            if (token.Text[0] == '[')
            {
                open.Push((i, 1));
            }
            else if (token.Text[0] != ']')
            {
                x = Apply(x, token, classes);
            }
            else if (open.Pop() is var (start, rounds) && rounds < RepetitionsOf(token))
            {
                open.Push((start, rounds + 1));
                i = start;
            }
        }

        return x;
    }

    private static SymbolicTensor Apply(SymbolicTensor x, NotationToken token, int? classes)
    {
        NotationArguments arguments = NotationArguments.Read(token);
        try
        {
            Layer layer = WordOf(arguments).Read(arguments, classes);
            return (layer is Dense && x.Shape.Rank > 1 ? x.Flatten() : x).Apply(layer);
        }
        catch (NetworkDefinitionException exception)
        {
            throw token.Error(exception.Message, exception);
        }
    }

    private static NotationWord WordOf(NotationArguments arguments)
    {
        if (Words.TryGetValue(arguments.Name, out NotationWord? word))
        {
            return word;
        }

        string nearest = Words.Keys.MinBy(name => EditDistance.Between(name, arguments.Name))!;
        throw arguments.Token.Error(
            $"There is no layer \"{arguments.Name}\". Known: {string.Join(", ", Words.Keys)}; the nearest is \"{nearest}\".");
    }

    private static int RepetitionsOf(NotationToken token)
    {
        string text = token.Text;
        if (text == "]")
        {
            return 1;
        }

        return text.StartsWith("]*", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count is >= 1 and <= MostRepetitions
            ? count
            : throw token.Error(Invariant($"Brackets are repeated 1 to {MostRepetitions} times, as ]*2. Received: \"{text}\"."));
    }

    private static Shape? InputOf(List<NotationToken> tokens)
    {
        if (tokens.Count == 0 || !char.IsAsciiDigit(tokens[0].Text[0]))
        {
            return null;
        }

        try
        {
            return Shape.Parse(tokens[0].Text.ToLowerInvariant());
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw tokens[0].Error(exception.Message, exception);
        }
    }

    private static bool IsLayer(NotationToken token) => Words.ContainsKey(NameOf(token));

    private static string NameOf(NotationToken token) =>
        string.Concat(token.Text.TakeWhile(char.IsAsciiLetter)).ToLowerInvariant();
}
