using System.Text.Json;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

[TestClass]
public class HyperparameterFormsTests
{
    private static IEnumerable<object?[]> Values =>
    [
        [typeof(bool), true, "true"],
        [typeof(int), -7, "-7"],
        [typeof(int?), null, "null"],
        [typeof(int?), 3, "3"],
        [typeof(float), 0.1f, "0.1"],
        [typeof(float), -0f, "-0"],
        [typeof(float), 1e-5f, "1E-05"],
        [typeof(Size2D), new Size2D(3, 3), "3"],
        [typeof(Size2D), new Size2D(1, 7), "[1, 7]"],
        [typeof(Size2D?), null, "null"],
        [typeof(Padding), Padding.Same, "\"same\""],
        [typeof(Padding), new Padding(2, 2, 2, 2), "2"],
        [typeof(Padding), new Padding(0, 1, 2, 3), "[0, 1, 2, 3]"],
        [typeof(Padding1D), Padding1D.Same, "\"same\""],
        [typeof(Padding1D), new Padding1D(1, 0), "[1, 0]"],
        [typeof(Integers), new Integers(4, -1), "[4, -1]"],
        [typeof(Integers), default(Integers), "[]"],
        [typeof(Shape), new Shape(5, 6), "[5, 6]"],
        [typeof(PaddingMode), PaddingMode.Reflect, "\"Reflect\""],
    ];

    [TestMethod]
    [DynamicData(nameof(Values))]
    public void A_value_has_its_form_and_is_read_from_it(Type type, object? value, string json)
    {
        Assert.AreEqual(json, HyperparameterForms.Text(value));
        object? read = Read(type, json);
        Assert.AreEqual(value, read);
        Assert.AreEqual(json, HyperparameterForms.Text(read), "A negative zero is one still.");
    }

    [TestMethod]
    [DataRow(typeof(bool), "1")]
    [DataRow(typeof(int), "null")]
    [DataRow(typeof(int), "1.5")]
    [DataRow(typeof(int), "3000000000")]
    [DataRow(typeof(int?), "true")]
    [DataRow(typeof(float), "\"NaN\"")]
    [DataRow(typeof(Size2D), "[3]")]
    [DataRow(typeof(Size2D), "[3, 3, 3]")]
    [DataRow(typeof(Size2D), "\"same\"")]
    [DataRow(typeof(Padding), "\"Same\"")]
    [DataRow(typeof(Padding), "[1, 2]")]
    [DataRow(typeof(Padding1D), "[1, 2, 3, 4]")]
    [DataRow(typeof(Integers), "3")]
    [DataRow(typeof(Integers), "[1, \"2\"]")]
    [DataRow(typeof(Shape), "[5, 0]")]
    [DataRow(typeof(PaddingMode), "\"reflect\"")]
    [DataRow(typeof(PaddingMode), "\"1\"")]
    [DataRow(typeof(PaddingMode), "1")]
    public void Another_form_is_refused(Type type, string json) => Assert.ThrowsExactly<JsonException>(() => Read(type, json));

    [TestMethod]
    public void Numbers_that_JSON_does_not_have_are_not_written() =>
        Assert.ThrowsExactly<NotSupportedException>(() => HyperparameterForms.Text(float.PositiveInfinity));

    private static object? Read(Type type, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return HyperparameterForms.Reader(type)(document.RootElement);
    }
}
