using System.Numerics;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>A stroke of the pen through points: smooth, or straight from point to point.</summary>
internal sealed record PenStroke(bool IsSmooth, Vector2[] Points);

/// <summary>
/// The forms in which people write the digits: for each digit one or more, each of one or more strokes. The box of a digit goes
/// from (0, 0), upper left, to (1, 1), lower right.
/// </summary>
internal static class DigitOutlines
{
    /// <summary>The width of a digit's box over its height.</summary>
    public const float Width = 0.64f;

    private static readonly PenStroke[][][] Forms =
    [
        [
            [Curve(0.5f, 0, 0.2f, 0.12f, 0.05f, 0.5f, 0.2f, 0.88f, 0.5f, 1, 0.8f, 0.88f, 0.95f, 0.5f, 0.8f, 0.12f, 0.5f, 0)],
            [
                Curve(
                    0.62f, 0.04f, 0.3f, 0.08f, 0.12f, 0.5f, 0.3f, 0.92f, 0.6f, 0.98f, 0.86f, 0.66f, 0.84f, 0.3f, 0.62f, 0.02f,
                    0.42f, 0.08f),
            ],
        ],
        [
            [Line(0.5f, 0, 0.5f, 1)],
            [Line(0.22f, 0.26f, 0.56f, 0, 0.56f, 1)],
            [Line(0.25f, 0.24f, 0.54f, 0, 0.54f, 1), Line(0.22f, 1, 0.86f, 1)],
        ],
        [
            [
                Curve(0.1f, 0.25f, 0.25f, 0.05f, 0.55f, 0, 0.85f, 0.13f, 0.86f, 0.36f, 0.58f, 0.66f, 0.1f, 1),
                Line(0.1f, 1, 0.95f, 1),
            ],
            [
                Curve(
                    0.1f, 0.2f, 0.4f, 0, 0.8f, 0.14f, 0.76f, 0.44f, 0.38f, 0.85f, 0.14f, 0.96f, 0.08f, 0.82f, 0.3f, 0.78f,
                    0.62f, 0.95f, 0.95f, 0.92f),
            ],
        ],
        [
            [
                Curve(0.1f, 0.12f, 0.45f, 0, 0.82f, 0.12f, 0.78f, 0.36f, 0.4f, 0.47f),
                Curve(0.4f, 0.47f, 0.84f, 0.58f, 0.9f, 0.82f, 0.52f, 1, 0.08f, 0.88f),
            ],
            [Line(0.1f, 0, 0.85f, 0, 0.42f, 0.4f), Curve(0.42f, 0.4f, 0.82f, 0.5f, 0.9f, 0.78f, 0.5f, 1, 0.08f, 0.88f)],
        ],
        [
            [Line(0.32f, 0, 0.08f, 0.62f, 0.95f, 0.62f), Line(0.7f, 0.25f, 0.7f, 1)],
            [Line(0.72f, 1, 0.72f, 0, 0.06f, 0.66f, 0.96f, 0.66f)],
            [Curve(0.15f, 0, 0.1f, 0.36f, 0.26f, 0.54f, 0.8f, 0.48f), Line(0.84f, 0, 0.78f, 1)],
        ],
        [
            [
                Line(0.88f, 0, 0.25f, 0, 0.18f, 0.42f),
                Curve(0.18f, 0.42f, 0.5f, 0.36f, 0.84f, 0.5f, 0.88f, 0.75f, 0.55f, 1, 0.1f, 0.9f),
            ],
            [
                Curve(
                    0.86f, 0.02f, 0.42f, 0.04f, 0.2f, 0.2f, 0.26f, 0.42f, 0.62f, 0.48f, 0.88f, 0.68f, 0.72f, 0.94f, 0.34f, 1, 0.08f, 0.88f),
            ],
        ],
        [
            [
                Curve(
                    0.75f, 0, 0.4f, 0.2f, 0.15f, 0.6f, 0.25f, 0.92f, 0.6f, 1, 0.88f, 0.8f, 0.76f, 0.55f, 0.45f, 0.52f, 0.18f, 0.7f),
            ],
            [Curve(0.45f, 0, 0.18f, 0.4f, 0.12f, 0.75f, 0.36f, 1, 0.72f, 0.95f, 0.82f, 0.7f, 0.56f, 0.54f, 0.2f, 0.7f)],
        ],
        [
            [Line(0.08f, 0, 0.92f, 0, 0.4f, 1)],
            [Line(0.08f, 0, 0.92f, 0, 0.42f, 1), Line(0.3f, 0.5f, 0.84f, 0.5f)],
            [Curve(0.06f, 0.14f, 0.2f, 0.02f, 0.55f, 0.06f, 0.92f, 0), Curve(0.92f, 0, 0.62f, 0.42f, 0.46f, 1)],
        ],
        [
            [
                Curve(
                    0.84f, 0.15f, 0.5f, 0, 0.18f, 0.15f, 0.25f, 0.36f, 0.55f, 0.5f, 0.88f, 0.7f, 0.8f, 0.92f, 0.5f, 1, 0.16f, 0.9f,
                    0.12f, 0.7f, 0.45f, 0.5f, 0.76f, 0.34f, 0.84f, 0.15f),
            ],
            [
                Curve(0.5f, 0, 0.22f, 0.1f, 0.2f, 0.34f, 0.5f, 0.46f, 0.8f, 0.34f, 0.78f, 0.1f, 0.5f, 0),
                Curve(0.5f, 0.46f, 0.14f, 0.6f, 0.14f, 0.88f, 0.5f, 1, 0.86f, 0.88f, 0.86f, 0.6f, 0.5f, 0.46f),
            ],
        ],
        [
            [
                Curve(0.85f, 0.25f, 0.6f, 0, 0.2f, 0.1f, 0.12f, 0.38f, 0.4f, 0.54f, 0.76f, 0.42f, 0.85f, 0.25f),
                Curve(0.85f, 0.25f, 0.82f, 0.6f, 0.74f, 1),
            ],
            [Curve(0.84f, 0.12f, 0.5f, 0, 0.14f, 0.16f, 0.2f, 0.44f, 0.55f, 0.5f, 0.84f, 0.3f), Line(0.86f, 0.04f, 0.86f, 1)],
            [
                Curve(
                    0.84f, 0.24f, 0.55f, 0, 0.16f, 0.12f, 0.2f, 0.42f, 0.56f, 0.5f, 0.84f, 0.24f, 0.88f, 0.6f, 0.66f, 0.95f, 0.22f, 0.94f),
            ],
        ],
    ];

    /// <summary>The forms of a digit, each a list of strokes.</summary>
    public static PenStroke[][] FormsOf(int digit) => Forms[digit];

    private static PenStroke Curve(params float[] coordinates) => new(true, Points(coordinates));

    private static PenStroke Line(params float[] coordinates) => new(false, Points(coordinates));

    private static Vector2[] Points(float[] coordinates)
    {
        Vector2[] points = new Vector2[coordinates.Length / 2];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = new Vector2(coordinates[2 * i], coordinates[(2 * i) + 1]);
        }

        return points;
    }
}
