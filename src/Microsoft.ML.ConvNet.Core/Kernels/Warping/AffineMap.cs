namespace Microsoft.ML.ConvNet.Kernels.Warping;

/// <summary>
/// Where the pixels of a warped image come from: that of column x and row y from (A x + B y + C, D x + E y + F) of the original. Positions count
/// pixels; whole numbers are their centres.
/// </summary>
/// <param name="A">What the column adds to the column.</param>
/// <param name="B">What the row adds to the column.</param>
/// <param name="C">The column of the first pixel.</param>
/// <param name="D">What the column adds to the row.</param>
/// <param name="E">What the row adds to the row.</param>
/// <param name="F">The row of the first pixel.</param>
internal readonly record struct AffineMap(double A, double B, double C, double D, double E, double F)
{
    /// <summary>Every pixel where it is.</summary>
    public static AffineMap Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>An image moved to the right and down.</summary>
    public static AffineMap Shift(double right, double down) => new(1, 0, -right, 0, 1, -down);

    /// <summary>An image turned clockwise around (0, 0), as it is seen with its first row at the top.</summary>
    public static AffineMap Rotation(double degrees)
    {
        (double sine, double cosine) = SinCos(degrees);
        return new AffineMap(cosine, sine, 0, -sine, cosine, 0);
    }

    /// <summary>An image whose rows move to the right by so many times their distance below (0, 0), and whose columns move down likewise.</summary>
    public static AffineMap Shear(double right, double down)
    {
        double determinant = 1 - (right * down);
        return new AffineMap(1 / determinant, -right / determinant, 0, -down / determinant, 1 / determinant, 0);
    }

    /// <summary>An image so many times as wide and as high, seen from (0, 0); a negative number turns it over.</summary>
    public static AffineMap Scale(double width, double height) => new(1 / width, 0, 0, 0, 1 / height, 0);

    /// <summary>What was done to the image, and then something else.</summary>
    public AffineMap Then(AffineMap next) => new(
        (A * next.A) + (B * next.D),
        (A * next.B) + (B * next.E),
        (A * next.C) + (B * next.F) + C,
        (D * next.A) + (E * next.D),
        (D * next.B) + (E * next.E),
        (D * next.C) + (E * next.F) + F);

    /// <summary>The same around another place than (0, 0).</summary>
    public AffineMap Around(double x, double y) => Shift(-x, -y).Then(this).Then(Shift(x, y));

    // Exact for quarters of a turn, which only exchange pixels.
    private static (double Sine, double Cosine) SinCos(double degrees) => (degrees % 360) switch
    {
        0 => (0, 1),
        90 or -270 => (1, 0),
        180 or -180 => (0, -1),
        270 or -90 => (-1, 0),
        double angle => Math.SinCos(angle * Math.PI / 180),
    };
}
