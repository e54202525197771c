namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>What an error says.</summary>
internal static class ErrorText
{
    /// <summary>Checks that an action fails with an error that has the given parts, in one line.</summary>
    public static void Is<TException>(Action action, params string[] parts)
        where TException : Exception
    {
        TException exception = Assert.ThrowsExactly<TException>(action);
        Has(exception.Message, parts);
    }

    /// <summary>Checks that an action fails with an error of one type that another with the given parts caused.</summary>
    public static void IsCauseOf<TCause, TException>(Action action, params string[] parts)
        where TCause : Exception
        where TException : Exception
    {
        Exception? exception = Assert.ThrowsExactly<TException>(action);
        while (exception is not null and not TCause)
        {
            exception = exception.InnerException;
        }

        Assert.IsNotNull(exception, $"No {typeof(TCause).Name} among the causes.");
        Has(exception.Message, parts);
    }

    private static void Has(string message, string[] parts)
    {
        foreach (string part in parts)
        {
            StringAssert.Contains(message, part);
        }

        Assert.DoesNotContain("\n", message);
    }
}
