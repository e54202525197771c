using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

#pragma warning disable CA1812 // Instances are made by ML.NET.
namespace Microsoft.ML.ConvNet.Tests.Tasks;

/// <summary>A bar that lies or stands: whether it stands.</summary>
internal sealed class FlagRow
{
    [VectorType(BarImages.Side, BarImages.Side, 1)]
    public float[]? Features { get; set; }

    public bool Label { get; set; }

    public float Weight { get; set; } = 1;

    /// <summary>Bars that lie and stand in turn.</summary>
    public static FlagRow[] Create(int count) =>
    [
        .. BarImages.Create(3 * count).Where(row => row.Number % 3 < 2).Take(count).Select(row => new FlagRow { Features = row.Features, Label = row.Number % 3 == 1 }),
    ];
}

/// <summary>A bar that lies: 1000 and 50 for each row that it is lower.</summary>
internal sealed class HeightRow
{
    [VectorType(BarImages.Side, BarImages.Side, 1)]
    public float[]? Features { get; set; }

    public float Label { get; set; }

    public float Same { get; set; }

    /// <summary>A thousandth less for each row that it is lower.</summary>
    public float Thousandths { get; set; }

    /// <summary>Lying bars in turn from the top down.</summary>
    public static HeightRow[] Create(int count)
    {
        HeightRow[] rows = new HeightRow[count];
        for (int i = 0; i < count; i++)
        {
            int place = i % BarImages.Side;
            float[] pixels = new float[BarImages.Side * BarImages.Side];
            pixels.AsSpan(place * BarImages.Side, BarImages.Side).Fill(200 + (i % 50));
            float height = 1000 + (50 * place);
            rows[i] = new HeightRow { Features = pixels, Label = height, Same = height, Thousandths = -place / 1000f };
        }

        return rows;
    }
}

/// <summary>What is predicted of a <see cref="HeightRow"/>.</summary>
internal sealed class PredictedHeight
{
    public float Score { get; set; }
}

/// <summary>Bars that lie, stand, both or neither.</summary>
internal sealed class LabelsRow
{
    [VectorType(BarImages.Side, BarImages.Side, 1)]
    public float[]? Features { get; set; }

    [VectorType(2)]
    public bool[]? Label { get; set; }

    [VectorType(2)]
    public float[]? Soft { get; set; }

    /// <summary>All four kinds in turn.</summary>
    public static LabelsRow[] Create(int count)
    {
        LabelsRow[] rows = new LabelsRow[count];
        for (int i = 0; i < count; i++)
        {
            bool lies = i % 2 == 1;
            bool stands = i / 2 % 2 == 1;
            float[] pixels = new float[BarImages.Side * BarImages.Side];
            int place = (i / 4 % 6) + 1;
            for (int along = 0; along < BarImages.Side; along++)
            {
                pixels[(place * BarImages.Side) + along] = lies ? 220 : 10;
                pixels[(along * BarImages.Side) + (7 - place)] = stands ? 220 : pixels[(along * BarImages.Side) + (7 - place)];
            }

            rows[i] = new LabelsRow { Features = pixels, Label = [lies, stands], Soft = [lies ? 1 : 0, stands ? 1 : 0] };
        }

        return rows;
    }
}

/// <summary>What is predicted of a <see cref="LabelsRow"/>.</summary>
internal sealed class PredictedLabels
{
    public float[]? Score { get; set; }

    public bool[]? PredictedLabel { get; set; }
}

/// <summary>What is predicted of a <see cref="FlagRow"/>.</summary>
internal sealed class PredictedFlag
{
    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }
}
