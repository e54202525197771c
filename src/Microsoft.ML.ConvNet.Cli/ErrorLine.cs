using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Cli;

/// <summary>Says in one line what went wrong.</summary>
internal static partial class ErrorLine
{
    /// <summary>An environment variable; where it is 1, errors show where they arose.</summary>
    private const string DetailsVariable = "CONVNET_ERROR_DETAILS";

    /// <summary>The line for an exception; exceptions that only carry another are passed over.</summary>
    public static string Of(Exception error)
    {
        if (Environment.GetEnvironmentVariable(DetailsVariable) == "1")
        {
            return error.ToString();
        }

        error = CauseOf(error);

        string message = InOneLine(ParameterSuffix().Replace(error.Message, string.Empty));
        if (error is not CommandException)
        {
            message = LibraryTerms.Replaced(message);
        }

        return IsExpected(error)
            ? message
            : $"{error.GetType().Name}: {message} (set {DetailsVariable}=1 to see where it arose)";
    }

    /// <summary>A text with its line breaks and runs of blanks replaced by one blank each.</summary>
    public static string InOneLine(string text) => Blanks().Replace(text, " ").Trim();

    /// <summary>What an exception only carries: ML.NET wraps what it meets on other threads, and reflection what it calls.</summary>
    private static Exception CauseOf(Exception error)
    {
        for (Exception? cause = error; cause != null; cause = cause.InnerException)
        {
            if (cause is CommandException)
            {
                return cause;
            }
        }

        while (error is AggregateException or TargetInvocationException && error.InnerException is { } inner)
        {
            error = inner;
        }

        return error;
    }

    private static bool IsExpected(Exception error) => error
        is CommandException
        or ArgumentException
        or IOException
        or UnauthorizedAccessException
        or InvalidDataException
        or InvalidOperationException
        or NotSupportedException
        or FormatException
        or InsufficientMemoryException
        or ModelFormatException;

    [GeneratedRegex(@"\s*\(Parameter '[^']*'\)")]
    private static partial Regex ParameterSuffix();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
