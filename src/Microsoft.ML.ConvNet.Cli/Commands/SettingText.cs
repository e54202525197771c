using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>
/// A thing with settings as the text of an option: <c>NAME</c>, or <c>NAME:SETTING=VALUE,SETTING=VALUE</c>, where <c>SETTING</c> alone is
/// <c>SETTING=true</c>. What is made of it asks for each setting that it has; one that nobody asked for is an error.
/// </summary>
internal sealed class SettingText
{
    private readonly string _whole;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];

    private SettingText(string text)
    {
        _whole = text;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        Name = colon < 0 ? text : text[..colon];
        foreach (string part in colon < 0 ? [] : text[(colon + 1)..].Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string setting = equals < 0 ? part : part[..equals];
            if (setting.Length == 0)
            {
                throw new FormatException($"Settings are written NAME:SETTING=VALUE,SETTING=VALUE. Received: {text}.");
            }

            if (!_values.TryAdd(setting, equals < 0 ? "true" : part[(equals + 1)..]))
            {
                throw new FormatException($"A setting is given once. Received: {setting} twice, in {text}.");
            }
        }
    }

    /// <summary>What stands before the settings.</summary>
    public string Name { get; }

    /// <summary>An option whose text is read so.</summary>
    /// <param name="name">The option, with its hyphens.</param>
    /// <param name="form">What the help shows of its form.</param>
    /// <param name="description">The help text.</param>
    /// <param name="read">Makes what the option stands for of the text; a <see cref="FormatException"/> is what is wrong with it.</param>
    public static Option<T?> Option<T>(string name, string form, string description, Func<SettingText, T> read)
        where T : class => new(name)
        {
            Description = description,
            HelpName = form,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Read(name, result.Tokens[0].Value, result, read),
        };

    /// <summary>An option that may be given several times, and whose texts are read so.</summary>
    /// <inheritdoc cref="Option{T}(string, string, string, Func{SettingText, T})"/>
    public static Option<T[]?> List<T>(string name, string form, string description, Func<SettingText, T> read)
        where T : class => new(name)
        {
            Description = description,
            HelpName = form,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Select(token => Read(name, token.Value, result, read)).OfType<T>()],
        };

    /// <summary>What a name stands for, of several kinds.</summary>
    /// <param name="kinds">The kinds by their names.</param>
    public T Kind<T>(IReadOnlyDictionary<string, Func<SettingText, T>> kinds) => kinds.TryGetValue(Name, out Func<SettingText, T>? read)
        ? read(this)
        : throw new FormatException($"It is one of {string.Join(", ", kinds.Keys)}. Received: {Name}.");

    /// <summary>A setting that is a number.</summary>
    /// <param name="setting">Its name.</param>
    /// <param name="usual">What it is where nothing is said.</param>
    public float Real(string setting, float usual) => Real(setting) ?? usual;

    /// <summary>A setting that is a number; null where nothing is said.</summary>
    public float? Real(string setting) => Text(setting) is not { } text ? null
        : NumberOptions.TryReadReal(text, out double value) ? (float)value
        : throw new FormatException($"{setting} is a number, with a decimal point. Received: {text}, in {_whole}.");

    /// <summary>A setting that is a whole number.</summary>
    /// <param name="setting">Its name.</param>
    /// <param name="usual">What it is where nothing is said; null where something has to be.</param>
    public int Integer(string setting, int? usual) => Text(setting) switch
    {
        { } text => Whole(setting, text),
        null => usual ?? throw new FormatException($"{Name} wants {setting}, such as {Name}:{setting}=10. Received: {_whole}."),
    };

    /// <summary>The name, where that is a whole number.</summary>
    public int IntegerName(string what) => Whole(what, Name);

    /// <summary>A setting that is true or false.</summary>
    public bool Flag(string setting) => Text(setting) switch
    {
        null or "false" => false,
        "true" => true,
        { } text => throw new FormatException($"{setting} is true or false. Received: {text}, in {_whole}."),
    };

    /// <summary>A setting that is one of some words.</summary>
    /// <param name="setting">Its name.</param>
    /// <param name="usual">What it is where nothing is said.</param>
    /// <param name="words">What each word stands for.</param>
    public T Word<T>(string setting, T usual, IReadOnlyDictionary<string, T> words) => Text(setting) is not { } text ? usual
        : words.TryGetValue(text, out T? value) ? value
        : throw new FormatException($"{setting} is one of {string.Join(", ", words.Keys)}. Received: {text}, in {_whole}.");

    /// <summary>A setting as it was written; null where nothing is said.</summary>
    public string? Text(string setting)
    {
        _asked.Add(setting);
        return _values.GetValueOrDefault(setting);
    }

    private static T? Read<T>(string name, string text, ArgumentResult result, Func<SettingText, T> read)
        where T : class
    {
        try
        {
            SettingText settings = new(text);
            T value = read(settings);
            settings.RequireNoOthers();
            return value;
        }
        catch (FormatException error)
        {
            result.AddError($"{name}: {error.Message}");
            return null;
        }
    }

    private void RequireNoOthers()
    {
        if (_values.Keys.FirstOrDefault(setting => !_asked.Contains(setting)) is { } unknown)
        {
            string known = _asked.Count == 0 ? "no settings" : $"the settings {string.Join(", ", _asked.Distinct())}";
            throw new FormatException($"{Name} has {known}. Received: {unknown}, in {_whole}.");
        }
    }

    private static int Whole(string what, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
        ? value
        : throw new FormatException($"{what} is a whole number. Received: {text}.");
}
