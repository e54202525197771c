namespace Microsoft.ML.ConvNet.Columns;

/// <summary>What the steps before the network throw while a row is read, said with the row and in words that lead to the cause.</summary>
internal static class EarlierSteps
{
    /// <summary>Fetches a value of the present row.</summary>
    /// <param name="getter">Fetches it.</param>
    /// <param name="value">Receives it.</param>
    /// <param name="badRow">Makes the error, of what is to be said and its cause.</param>
    public static void Fetch<T>(ValueGetter<T> getter, ref T value, Func<string, Exception?, Exception> badRow)
    {
        try
        {
            getter(ref value);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            throw badRow($"a step before the network failed: {Explain(exception)}", exception);
        }
    }

    private static string Explain(Exception exception)
    {
        string message = exception.Message.ReplaceLineEndings(" ");
        return message switch
        {
            _ when message.StartsWith("Invalid path", StringComparison.Ordinal)
                || message.StartsWith("Invalid input stream contents", StringComparison.Ordinal) =>
                $"an image cannot be decoded ({message}): the file is empty, or is no image whatever its name says",
            "Object is disposed." =>
                "an image was disposed of before it was read (Object is disposed.): ExtractPixels disposes of the images that it reads, so that "
                + "images in objects can be read once; load them anew for each pass, as LoadImages does, or make the column of pixels before",
            _ => $"{exception.GetType().Name}: {message}",
        };
    }
}
