using System.Globalization;
using System.Text.Json;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// The forms that the values of hyperparameters have in JSON. A size is one number where it is square, else <c>[height, width]</c>; padding is
/// <c>"same"</c>, or one number where all sides are alike, else <c>[top, bottom, left, right]</c>, that of a sequence <c>[before, after]</c>; shapes
/// and lists are lists of whole numbers; a value of an enumeration is its name.
/// </summary>
/// <remarks>Written by hand: a serialiser, generated or not, compiles three hundred methods before it has read the first number.</remarks>
internal static class HyperparameterForms
{
    private const string Same = "same";

    private static readonly Dictionary<Type, Func<JsonElement, object>> Readers = new()
    {
        [typeof(bool)] = value => Flag(value),
        [typeof(int)] = value => WholeNumber(value),
        [typeof(float)] = value => Number(value),
        [typeof(Size2D)] = value => Size(value),
        [typeof(Padding)] = value => PaddingOfImages(value),
        [typeof(Padding1D)] = value => PaddingOfSequences(value),
        [typeof(Integers)] = value => new Integers(WholeNumbers(value)),
        [typeof(Shape)] = value => ShapeOf(value),
    };

    /// <summary>What reads the values of a type; null is read where it may be null.</summary>
    /// <exception cref="NotSupportedException">No form is known for values of the type.</exception>
    public static Func<JsonElement, object?> Reader(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            Func<JsonElement, object?> read = Reader(underlying);
            return value => value.ValueKind == JsonValueKind.Null ? null : read(value);
        }

        return type.IsEnum ? value => Named(type, value)
            : Readers.GetValueOrDefault(type) ?? throw new NotSupportedException(
                $"A hyperparameter is of a type that {nameof(HyperparameterForms)} lists. Received: {type.Name}.");
    }

    /// <summary>A value as JSON on one line.</summary>
    /// <exception cref="NotSupportedException">No form is known for values of its type, or it is a number that JSON does not have.</exception>
    public static string Text(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        int number => WholeNumber(number),
        float number when float.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
        Size2D size => size.Height == size.Width ? WholeNumber(size.Height) : List([size.Height, size.Width]),
        Padding { IsSame: true } or Padding1D { IsSame: true } => Quoted(Same),
        Padding padding => padding == padding.Top ? WholeNumber(padding.Top) : List([padding.Top, padding.Bottom, padding.Left, padding.Right]),
        Padding1D padding => padding.Before == padding.After ? WholeNumber(padding.Before) : List([padding.Before, padding.After]),
        Integers list => List(list.AsSpan()),
        Shape shape => List(shape.AsSpan()),
        Enum name => Quoted(name.ToString()),
        _ => throw new NotSupportedException(
            $"A hyperparameter is of a type that {nameof(HyperparameterForms)} lists, and a finite number. Received: {value}."),
    };

    private static bool Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new JsonException(),
    };

    private static float Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) ? number : throw new JsonException();

    private static Size2D Size(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? WholeNumber(value)
        : WholeNumbers(value) is [int height, int width] ? new Size2D(height, width) : throw new JsonException();

    private static Padding PaddingOfImages(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.ValueEquals(Same) => Padding.Same,
        JsonValueKind.Number => WholeNumber(value),
        _ => WholeNumbers(value) is [int top, int bottom, int left, int right] ? new Padding(top, bottom, left, right) : throw new JsonException(),
    };

    private static Padding1D PaddingOfSequences(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.ValueEquals(Same) => Padding1D.Same,
        JsonValueKind.Number => WholeNumber(value),
        _ => WholeNumbers(value) is [int before, int after] ? new Padding1D(before, after) : throw new JsonException(),
    };

    private static Shape ShapeOf(JsonElement value)
    {
        int[] dimensions = WholeNumbers(value);
        try
        {
            return new Shape(dimensions);
        }
        catch (ArgumentException)
        {
            // Without its words: what reads the layer says which hyperparameter it was, and what it held.
            throw new JsonException();
        }
    }

    private static object Named(Type type, JsonElement value)
    {
        string? name = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return Array.IndexOf(Enum.GetNames(type), name) >= 0 ? Enum.Parse(type, name!) : throw new JsonException();
    }

    private static int[] WholeNumbers(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException();
        }

        int[] numbers = new int[list.GetArrayLength()];
        int read = 0;
        foreach (JsonElement element in list.EnumerateArray())
        {
            numbers[read++] = WholeNumber(element);
        }

        return numbers;
    }

    private static int WholeNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw new JsonException();

    private static string WholeNumber(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string List(ReadOnlySpan<int> numbers)
    {
        string[] texts = new string[numbers.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = WholeNumber(numbers[i]);
        }

        return $"[{string.Join(", ", texts)}]";
    }

    private static string Quoted(string name) => $"\"{name}\"";
}
