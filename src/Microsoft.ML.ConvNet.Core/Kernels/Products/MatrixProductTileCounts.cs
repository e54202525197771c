namespace Microsoft.ML.ConvNet.Kernels.Products;

/// <summary>A number of rows or of vectors known at compile time: a type argument of the microkernels.</summary>
internal interface ITileCount
{
    /// <summary>The number.</summary>
    static abstract int Count { get; }
}

/// <summary>0.</summary>
internal readonly struct Zero : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 0;
}

/// <summary>1.</summary>
internal readonly struct One : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 1;
}

/// <summary>2.</summary>
internal readonly struct Two : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 2;
}

/// <summary>3.</summary>
internal readonly struct Three : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 3;
}

/// <summary>4.</summary>
internal readonly struct Four : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 4;
}

/// <summary>5.</summary>
internal readonly struct Five : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 5;
}

/// <summary>6.</summary>
internal readonly struct Six : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 6;
}

/// <summary>7.</summary>
internal readonly struct Seven : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 7;
}

/// <summary>8.</summary>
internal readonly struct Eight : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 8;
}

/// <summary>9.</summary>
internal readonly struct Nine : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 9;
}

/// <summary>10.</summary>
internal readonly struct Ten : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 10;
}

/// <summary>11.</summary>
internal readonly struct Eleven : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 11;
}

/// <summary>12.</summary>
internal readonly struct Twelve : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 12;
}

/// <summary>13.</summary>
internal readonly struct Thirteen : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 13;
}

/// <summary>14.</summary>
internal readonly struct Fourteen : ITileCount
{
    /// <inheritdoc/>
    public static int Count => 14;
}
