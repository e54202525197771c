using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

[TestClass]
public sealed class MetricsRegressionTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Errors_are_those_worked_out_by_hand()
    {
        RegressionMetrics metrics = Evaluate((1, 1.5f), (2, 2), (3, 2), (4, 5));

        // Errors 0.5, 0, 1, 1: mean 2.5 / 4; squares 0.25, 0, 1, 1: mean 2.25 / 4 and its root 0.75.
        Assert.AreEqual(0.625, metrics.MeanAbsoluteError, 1e-12);
        Assert.AreEqual(0.5625, metrics.MeanSquaredError, 1e-12);
        Assert.AreEqual(0.75, metrics.RootMeanSquaredError, 1e-12);
        Assert.AreEqual(0.5625, metrics.LossFunction, 1e-12);

        // The labels vary by 1.5^2 + 0.5^2 + 0.5^2 + 1.5^2 = 5 about their mean: 1 - 2.25 / 5.
        Assert.AreEqual(0.55, metrics.RSquared, 1e-12);
    }

    [TestMethod]
    public void R_squared_of_a_constant_label_is_not_a_number()
    {
        Assert.IsTrue(double.IsNaN(Evaluate((2, 1), (2, 3)).RSquared));
    }

    [TestMethod]
    public void Rows_without_label_or_score_do_not_count()
    {
        Assert.AreEqual(1, Evaluate((1, 2), (float.NaN, 9), (3, float.NaN)).MeanAbsoluteError, 1e-12);
    }

    [TestMethod]
    public void No_rows_give_zeros()
    {
        Assert.AreEqual(0, Evaluate().MeanSquaredError);
        Assert.AreEqual(0, Evaluate().RSquared);
    }

    [TestMethod]
    public void Missing_columns_and_wrong_types_are_named()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new { Label = 1f, Score = "x", Number = 1 }]);
        RegressionCatalog catalog = _context.Regression;
        Assert.Contains("Nowhere", Refused(() => catalog.Evaluate(data, "Nowhere", "Label")));
        Assert.Contains("score column 'Score': expected Single, got String", Refused(() => catalog.Evaluate(data)));
        Assert.Contains("label column 'Number': expected Single, got Int32", Refused(() => catalog.Evaluate(data, "Number", "Label")));
    }

    private static string Refused(Action evaluate) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(evaluate).Message;

    private RegressionMetrics Evaluate(params (float Label, float Score)[] rows) =>
        _context.Regression.Evaluate(_context.Data.LoadFromEnumerable(rows.Select(row => new { row.Label, row.Score })));
}
