#nullable disable
namespace Microsoft.ML.Runtime;

/// <summary>The exceptions that ML.NET throws for each kind of mistake, with its words where callers see them.</summary>
internal static class Failures
{
    /// <summary>The entry of an exception's data that says that a component of ML.NET made it.</summary>
    public const string Mark = "ML_IsMarked";

    public static Exception Except(this IExceptionContext context, string message) =>
        Marked(context, new InvalidOperationException(message));

    public static Exception ExceptParam(this IExceptionContext context, string parameter, string message) =>
        Marked(context, new ArgumentOutOfRangeException(parameter, message));

    /// <summary>A bad argument, by the name that ML.NET gives it.</summary>
    public static Exception Param(string parameter, string message) => ExceptParam(null, parameter, message);

    public static Exception ExceptDecode(this IExceptionContext context, string message, Exception inner = null) =>
        Marked(context, new FormatException(message, inner));

    public static Exception ExceptSchemaMismatch(this IExceptionContext context, string parameter, string role, string column) =>
        context.ExceptParam(parameter, $"Could not find {role} column '{column}'");

    public static Exception ExceptSchemaMismatch(
        this IExceptionContext context, string parameter, string role, string column, string expected, string actual) =>
        context.ExceptParam(parameter, $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}");

    public static void Check(this IExceptionContext context, bool condition, string message)
    {
        if (!condition)
        {
            throw context.Except(message);
        }
    }

    public static void CheckParam(this IExceptionContext context, bool condition, string parameter, string message)
    {
        if (!condition)
        {
            throw context.ExceptParam(parameter, message);
        }
    }

    public static void CheckDecode(this IExceptionContext context, bool condition, string message)
    {
        if (!condition)
        {
            throw context.ExceptDecode(message);
        }
    }

    public static void CheckValue<T>(this IExceptionContext context, T value, string parameter)
        where T : class
    {
        if (value is null)
        {
            throw Marked(context, new ArgumentNullException(parameter));
        }
    }

    public static void CheckNonEmpty(this IExceptionContext context, string value, string parameter)
    {
        if (string.IsNullOrEmpty(value))
        {
            throw context.ExceptParam(parameter, $"{parameter} cannot be null or empty");
        }
    }

    public static void CheckNonEmpty<T>(this IExceptionContext context, IReadOnlyCollection<T> values, string parameter)
    {
        if (values is null || values.Count == 0)
        {
            throw context.ExceptParam(parameter, $"{parameter} cannot be null or empty");
        }
    }

    /// <summary>Whether the exception was made by a component of ML.NET, and not by code that it called.</summary>
    public static bool IsMarked(this Exception exception) => exception.Data.Contains(Mark);

    private static TException Marked<TException>(IExceptionContext context, TException exception)
        where TException : Exception
    {
        exception.Data[Mark] = 1;
        return context is null ? exception : context.Process(exception);
    }
}
