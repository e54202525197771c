namespace Microsoft.ML.ConvNet.Layers;

/// <summary>How <see cref="Compare"/> compares a first number a with a second one b. With NaN no comparison holds.</summary>
public enum Comparison
{
    /// <summary>a &lt; b.</summary>
    Less,

    /// <summary>a &lt;= b.</summary>
    LessOrEqual,

    /// <summary>a &gt; b.</summary>
    Greater,

    /// <summary>a &gt;= b.</summary>
    GreaterOrEqual,

    /// <summary>a = b.</summary>
    Equal,
}
