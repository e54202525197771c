using System.Numerics;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// Draws one digit as a hand might: a form of the digit, its points moved a little, bent, slanted, turned, scaled and placed, drawn with
/// a pen of some thickness over a background with some clutter, and noise over all. Lengths are shares of the image's size.
/// </summary>
internal ref struct DigitDrawing
{
    // The numbers are chosen so that the classes are no longer linearly separable, while a person still reads nearly all digits.
    private const float Height = 0.66f;
    private const float PointJitter = 0.022f;
    private const float MaximumRotation = 0.24f;
    private const float MaximumSlant = 0.34f;
    private const float MaximumBend = 0.024f;
    private const float MaximumOffset = 0.07f;
    private const float ClutterProbability = 0.3f;
    private const float MaximumNoise = 26;
    private const int MostPoints = 16;

    private readonly StrokeCanvas _canvas;
    private readonly Matrix3x2 _placement;
    private readonly Vector2 _bend;
    private readonly Vector2 _bendPhase;
    private readonly Vector2 _bendFrequency;
    private readonly float _radius;
    private readonly float _edge;
    private readonly float _ink;
    private RandomStream _random;

    private DigitDrawing(RandomStream random, StrokeCanvas canvas)
    {
        _random = random;
        _canvas = canvas;
        float size = canvas.Size;
        Vector2 scale = new(
            DigitOutlines.Width * Height * _random.NextSingle(0.72f, 1.22f), Height * _random.NextSingle(0.78f, 1.12f));
        float rotation = Symmetric(MaximumRotation);
        float slant = Symmetric(MaximumSlant);
        Vector2 offset = new(Symmetric(MaximumOffset), Symmetric(MaximumOffset));
        _bend = new Vector2(Symmetric(MaximumBend), Symmetric(MaximumBend));
        _bendPhase = new Vector2(_random.NextSingle(0, MathF.Tau), _random.NextSingle(0, MathF.Tau));
        _bendFrequency = new Vector2(_random.NextSingle(3, 9), _random.NextSingle(3, 9));
        _placement = Matrix3x2.CreateTranslation(-0.5f, -0.5f)
            * Matrix3x2.CreateScale(scale)
            * new Matrix3x2(1, 0, -slant, 1, 0, 0)
            * Matrix3x2.CreateRotation(rotation)
            * Matrix3x2.CreateTranslation(offset + new Vector2(0.5f))
            * Matrix3x2.CreateScale(size)
            * Matrix3x2.CreateTranslation(-0.5f, -0.5f);
        _radius = size * _random.NextSingle(0.014f, 0.052f);
        _edge = size * _random.NextSingle(0.032f, 0.06f);
        _ink = _random.NextSingle(130, 255);
    }

    /// <summary>Draws a digit onto a canvas, as a function of seed and number.</summary>
    public static void Draw(ulong seed, int index, int digit, StrokeCanvas canvas)
    {
        canvas.Pixels.Clear();
        DigitDrawing drawing = new(new RandomStream(seed, RandomPurpose.Synthesis, (uint)index), canvas);
        PenStroke[][] forms = DigitOutlines.FormsOf(digit);
        foreach (PenStroke stroke in forms[drawing._random.NextIndex(forms.Length)])
        {
            drawing.DrawStroke(stroke);
        }

        drawing.DrawClutter();
        drawing.AddNoise();
    }

    private float Symmetric(float maximum) => _random.NextSingle(-maximum, maximum);

    private void DrawStroke(PenStroke stroke)
    {
        Span<Vector2> points = stackalloc Vector2[MostPoints];
        points = points[..stroke.Points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = Placed(stroke.Points[i] + (new Vector2(_random.NextNormal(), _random.NextNormal()) * PointJitter));
        }

        bool isClosed = stroke.Points[0] == stroke.Points[^1];
        if (isClosed)
        {
            // A hand does not end quite where it began.
            points[^1] = (points[0] + points[^1]) / 2;
        }

        int pieces = stroke.IsSmooth ? Math.Clamp(_canvas.Size / 6, 3, 16) : 1;
        float radius = _radius * _random.NextSingle(0.85f, 1.15f);
        for (int i = 0; i < points.Length - 1; i++)
        {
            Vector2 before = i > 0 ? points[i - 1] : isClosed ? points[^2] : points[0];
            Vector2 after = i + 2 < points.Length ? points[i + 2] : isClosed ? points[1] : points[^1];
            Vector2 from = points[i];
            for (int piece = 1; piece <= pieces; piece++)
            {
                Vector2 to = piece == pieces
                    ? points[i + 1]
                    : Between(before, points[i], points[i + 1], after, piece / (float)pieces);
                _canvas.DrawSegment(from, to, radius, _edge, _ink);
                from = to;
            }
        }
    }

    // A point of the digit's box, bent and brought to its place on the canvas.
    private readonly Vector2 Placed(Vector2 point)
    {
        Vector2 bent = point + new Vector2(
            _bend.X * 2 * MathF.Sin((_bendFrequency.X * point.Y) + _bendPhase.X),
            _bend.Y * 2 * MathF.Sin((_bendFrequency.Y * point.X) + _bendPhase.Y));
        return Vector2.Transform(bent, _placement);
    }

    // Catmull and Rom, "A class of local interpolating splines", 1974.
    private static Vector2 Between(Vector2 before, Vector2 from, Vector2 to, Vector2 after, float t)
    {
        Vector2 a = (3 * from) - before - (3 * to) + after;
        Vector2 b = (2 * before) - (5 * from) + (4 * to) - after;
        Vector2 c = to - before;
        return from + (0.5f * t * (c + (t * (b + (t * a)))));
    }

    // Short faint strokes, as of a neighbouring letter or a dirty sheet.
    private void DrawClutter()
    {
        if (_random.NextSingle() >= ClutterProbability)
        {
            return;
        }

        float size = _canvas.Size;
        int count = 1 + _random.NextIndex(3);
        for (int i = 0; i < count; i++)
        {
            Vector2 from = size * new Vector2(_random.NextSingle(), _random.NextSingle());
            Vector2 to = from + (size * new Vector2(Symmetric(0.2f), Symmetric(0.2f)));
            float ink = _ink * _random.NextSingle(0.2f, 0.55f);
            _canvas.DrawSegment(from, to, _radius * 0.7f, _edge, ink);
        }
    }

    // The sum of the four bytes of a random word is close to a normal distribution, of standard deviation 147.8.
    private void AddNoise()
    {
        float background = _random.NextSingle(0, 30);
        float contrast = 1 - (background / 255);
        float noise = _random.NextSingle(0, MaximumNoise) / 147.8f;
        Span<float> pixels = _canvas.Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            uint word = _random.NextWord();
            uint pairs = (word & 0x00FF00FF) + ((word >> 8) & 0x00FF00FF);
            float sum = (pairs & 0xFFFF) + (pairs >> 16);
            pixels[i] = Math.Clamp(background + (contrast * pixels[i]) + (noise * (sum - 510)), 0, 255);
        }
    }
}
