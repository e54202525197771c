using System.Globalization;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Export;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>
/// Classical networks at full size in files of a few kilobytes: every weight is a ConstantOfShape, as in the light models among ONNX's own
/// tests.
/// </summary>
internal static class LightModels
{
    private const string ThreeProducts = "flatten gemm4096 relu drop gemm4096 relu drop gemm1000 softmax";

    /// <summary>
    /// The layers by the network's name. "conv96:11/4+2g2" has 96 filters of 11x11, stride 4, padding 2, in 2 groups; "pool3/2+1" the window
    /// 3x3, the stride 2 and the padding 1 at the ends.
    /// </summary>
    private static readonly Dictionary<string, string> Layers = new()
    {
        ["alexnet"] = "conv96:11/4+0 relu lrn pool3/2+1 conv256:5/1+2g2 relu lrn pool3/2 conv384:3/1+1 relu conv384:3/1+1g2 relu "
            + $"conv256:3/1+1g2 relu pool3/2 {ThreeProducts}",
        ["zfnet512"] = "conv96:7/2+1 relu lrn pool3/2 conv256:5/2+0 relu lrn pool3/2 conv512:3/1+1 relu conv1024:3/1+1 relu "
            + $"conv512:3/1+1 relu pool3/2 {ThreeProducts}",
        ["vgg19"] = string.Concat(new[] { (64, 2), (128, 2), (256, 4), (512, 4), (512, 4) }.Select(
            block => string.Concat(Enumerable.Repeat($"conv{block.Item1}:3/1+1 relu ", block.Item2)) + "pool2/2 ")) + ThreeProducts,
    };

    /// <summary>A network for images of 224x224.</summary>
    public static ModelProto Of(string name)
    {
        ModelProto model = Graphs.Model([1, 3, 224, 224], "scores");
        model.OpsetImport[0].Version = 9;
        string[] layers = Layers[name].Split(' ');
        string value = "x";
        int channels = 3;
        int size = 224;
        for (int i = 0; i < layers.Length; i++)
        {
            string result = i == layers.Length - 1 ? "scores" : $"v{i}";
            (int first, int kernel, int stride, int padding, int groups) = Numbers(layers[i]);
            string kind = layers[i].TrimEnd("0123456789:/+g".ToCharArray());
            switch (layers[i][..2])
            {
                case "co":
                    string filters = Weights(model, $"conv{i}_w_0", first, channels / groups, kernel, kernel);
                    Add(model, "Conv", [value, filters, Biases(model, $"conv{i}_b_0", first)], result,
                        ExportGraph.Attribute("kernel_shape", [kernel, kernel]), ExportGraph.Attribute("strides", [stride, stride]),
                        ExportGraph.Attribute("pads", [padding, padding, padding, padding]), ExportGraph.Attribute("group", groups));
                    channels = first;
                    size = ((size + (2 * padding) - kernel) / stride) + 1;
                    break;
                case "po":
                    (int step, int end) = (kernel, stride);
                    Add(model, "MaxPool", [value], result,
                        ExportGraph.Attribute("kernel_shape", [first, first]), ExportGraph.Attribute("strides", [step, step]),
                        ExportGraph.Attribute("pads", [0, 0, end, end]));
                    size = ((size + end - first) / step) + 1;
                    break;
                case "fl":
                    model.WithIntegers("flat", 1, channels * size * size);
                    Add(model, "Reshape", [value, "flat"], result);
                    channels *= size * size;
                    break;
                case "ge":
                    Add(model, "Gemm", [value, Weights(model, $"fc{i}_w_0", first, channels), Biases(model, $"fc{i}_b_0", first)], result,
                        ExportGraph.Attribute("transB", 1));
                    channels = first;
                    break;
                case "lr":
                    Add(model, "LRN", [value], result, ExportGraph.Attribute("size", 5));
                    break;
                default:
                    Add(model, kind switch { "relu" => "Relu", "drop" => "Dropout", _ => "Softmax" }, [value], result);
                    break;
            }

            value = result;
        }

        return model;
    }

    private static void Add(ModelProto model, string operation, string[] inputs, string output, params AttributeProto[] attributes) =>
        model.Graph.Node.Add(Graphs.Node(operation, inputs, output, attributes));

    /// <summary>Weights of one number, with which the mean of what is read goes on.</summary>
    private static string Weights(ModelProto model, string name, params int[] dimensions)
    {
        TensorProto number = new() { DataType = (int)OnnxElementType.Float };
        number.Dims.Add(1);
        number.FloatData.Add(1f / dimensions.Skip(1).Aggregate(1, (product, dimension) => product * dimension));
        model.WithIntegers($"{name}__SHAPE", [.. dimensions.Select(dimension => (long)dimension)]);
        Add(model, "ConstantOfShape", [$"{name}__SHAPE"], name,
            new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = number });
        return name;
    }

    /// <summary>Numbers by which channels and classes differ.</summary>
    private static string Biases(ModelProto model, string name, int count)
    {
        model.WithFloats(name, [count], ExportedNetworks.RandomNumbers(count, count));
        return name;
    }

    private static (int First, int Kernel, int Stride, int Padding, int Groups) Numbers(string layer)
    {
        int[] numbers =
        [
            .. layer.Split([':', '/', '+', 'g'], StringSplitOptions.RemoveEmptyEntries)
                .Select(part => new string([.. part.Where(char.IsDigit)])).Where(part => part.Length > 0)
                .Select(part => int.Parse(part, CultureInfo.InvariantCulture)),
            0, 0, 0, 0, 0,
        ];
        return (numbers[0], numbers[1], numbers[2], numbers[3], Math.Max(numbers[4], 1));
    }
}
