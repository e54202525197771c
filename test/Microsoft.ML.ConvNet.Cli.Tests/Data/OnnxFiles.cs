using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.ConvNet.Cli.Tests.Data;

/// <summary>
/// Writes ONNX files field by field, such as no export writes: with constants that are computed, open sizes, and what other programs say of
/// a model. The numbers are those of the fields in onnx.proto.
/// </summary>
internal static class OnnxFiles
{
    private const int FloatType = 1;
    private const int IntegerType = 7;

    /// <summary>
    /// Writes a network of images <c>[N, 3, size, size]</c> and four classes, the one matrix of which is a product of two that are filled
    /// with zeros.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Height and width of the images; null leaves them open.</param>
    /// <param name="metadata">What the file says beside, by key.</param>
    public static void WriteProductOfConstants(string path, int? size = 8, params (string Key, string Value)[] metadata)
    {
        byte[][] nodes =
        [
            Node("Flatten", ["x"], "flat"),
            Node("ConstantOfShape", ["zeros"], "a"),
            Node("ConstantOfShape", ["matrix"], "b"),
            Node("MatMul", ["a", "b"], "w"),
            Node("MatMul", ["flat", "w"], "y"),
        ];
        byte[][] tensors =
        [
            Tensor("zeros", [2], Integers(192, 768), IntegerType),
            Tensor("matrix", [2], Integers(768, 4), IntegerType),
        ];
        byte[] graph =
        [
            .. nodes.SelectMany(node => Field(1, node)),
            .. Field(2, "product"),
            .. tensors.SelectMany(tensor => Field(5, tensor)),
            .. Field(11, Value("x", null, 3, size, size)),
            .. Field(12, Value("y", null, 4)),
        ];
        File.WriteAllBytes(
            path,
            [
                .. Field(1, 8),
                .. Field(7, graph),
                .. Field(8, [.. Field(2, 17)]),
                .. metadata.SelectMany(pair => Field(14, [.. Field(1, pair.Key), .. Field(2, pair.Value)])),
            ]);
    }

    /// <summary>Writes a tensor as ONNX's test cases have them.</summary>
    public static void WriteTensor(string path, int[] dimensions, params float[] values) =>
        File.WriteAllBytes(path, Tensor(string.Empty, dimensions, Floats(values), FloatType));

    private static byte[] Node(string operation, string[] inputs, string output) =>
        [.. inputs.SelectMany(input => Field(1, input)), .. Field(2, output), .. Field(3, output), .. Field(4, operation)];

    private static byte[] Tensor(string name, int[] dimensions, byte[] values, int type) =>
        [.. dimensions.SelectMany(dimension => Field(1, dimension)), .. Field(2, type), .. Field(8, name), .. Field(9, values)];

    private static byte[] Value(string name, params int?[] dimensions)
    {
        IEnumerable<byte> shape = dimensions.SelectMany((size, i) => Field(1, size is { } known ? Field(1, known) : Field(2, $"d{i}")));
        return [.. Field(1, name), .. Field(2, Field(1, [.. Field(1, FloatType), .. Field(2, [.. shape])]))];
    }

    private static byte[] Integers(params long[] values) => [.. values.SelectMany(value =>
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    })];

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(value =>
    {
        byte[] bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return bytes;
    })];

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content) => [.. Varint((number << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Field(int number, int value) => [.. Varint(number << 3), .. Varint(value)];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value > 127; value >>= 7)
        {
            yield return (byte)(value | 128);
        }

        yield return (byte)value;
    }
}
