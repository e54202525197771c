using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>
/// Matrix products. With known weights they are fully connected layers, whose rows follow the order in which the input lies in memory, so
/// that a flattened image need not be moved; for more than one row a sample they are convolutions with windows of one pixel.
/// </summary>
internal static class ProductOperators
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Dense>(WriteDense, new OperatorDefinition("Gemm", Gemm)),
        OperatorRow.Of<MatMul>(WriteMatMul, new OperatorDefinition("MatMul", MatMul)),
    ];

    private static GraphValue Gemm(NodeContext node)
    {
        OnnxValue left = Transposed(node, node.Input(0), "transA");
        OnnxValue right = node.Input(1);
        bool isTransposed = node.Attributes.Flag("transB");
        if (left.Dimensions.Count != 2 || right.Dimensions.Count != 2 || left.Dimensions[1] != right.Dimensions[isTransposed ? 1 : 0])
        {
            throw node.Malformed(
                "its operands are matrices that fit. "
                + $"Received: {OnnxText.Dimensions(left.Dimensions)} and {OnnxText.Dimensions(right.Dimensions)}"
                + $"{(isTransposed ? ", transposed" : string.Empty)}");
        }

        float alpha = node.Attributes.Float("alpha", 1);
        float beta = node.Attributes.Float("beta", 1);
        int columns = right.Dimensions[isTransposed ? 0 : 1];
        OnnxTensor? added = node.Has(2) && node.Input(2) is ConstantValue { Tensor: var constant } ? constant : null;
        bool isBias = added is not null && (added.Count == 1 || (added.Count == columns && added.Dimensions[^1] == columns));
        if (left is GraphValue value && right is ConstantValue { Tensor: { IsFloatingPoint: true } weight })
        {
            ParameterValues? bias = isBias ? BiasOf(node, added!, beta) : null;
            GraphValue product = Weighted(node, value, new KnownMatrix(weight, left.Dimensions[1], columns, isTransposed, alpha), bias);
            return node.Has(2) && !isBias ? Added(node, product, node.Input(2), beta) : product;
        }

        GraphValue general = Scaled(node, General(node, left, Transposed(node, right, "transB")), alpha);
        return node.Has(2) ? Added(node, general, node.Input(2), beta) : general;
    }

    /// <summary>What is added to a product, one number for all columns or one for each.</summary>
    private static ParameterValues BiasOf(NodeContext node, OnnxTensor added, float beta)
    {
        if (!added.IsFloatingPoint)
        {
            throw node.Unsupported($"its input number 2 holds floating-point numbers. Received: {added}");
        }

        return new ParameterValues(destination =>
        {
            for (int column = 0; column < destination.Length; column++)
            {
                destination[column] = beta * added.FloatSpan[added.Count == 1 || added.IsUniform ? 0 : column];
            }
        });
    }

    private static GraphValue MatMul(NodeContext node)
    {
        OnnxValue left = node.Input(0);
        OnnxValue right = node.Input(1);
        bool isWeight = right is ConstantValue { Tensor: { IsFloatingPoint: true, Count: > 0 } } && left is GraphValue
            && right.Dimensions.Count > 0 && right.Dimensions.SkipLast(2).All(dimension => dimension == 1)
                && right.Dimensions.Count <= left.Dimensions.Count;
        ParameterValues? bias = node.Has(2) ? ParameterValues.Of(node.KnownFloats(2)) : null;
        if (!isWeight || (node.Writer.IsBatched && left.Dimensions.Count == 1))
        {
            GraphValue general = General(node, left, right);
            return bias is null ? general : Added(node, general, node.Input(2), 1);
        }

        GraphValue value = (GraphValue)left;
        OnnxTensor weight = ((ConstantValue)right).Tensor;
        int rows = right.Dimensions.Count == 1 ? right.Dimensions[0] : right.Dimensions[^2];
        if (rows != value.LogicalDimensions[^1])
        {
            throw node.Malformed(
                "its operands fit. "
                + $"Received: {OnnxText.Dimensions(value.LogicalDimensions)} and {OnnxText.Dimensions(right.Dimensions)}");
        }

        GraphValue product = Weighted(node, value, new KnownMatrix(weight, rows, weight.Count / rows), bias);
        return right.Dimensions.Count > 1 ? product : product with { LogicalDimensions = [.. product.LogicalDimensions.SkipLast(1)] };
    }

    /// <summary>The product of a value along its last axis with known weights.</summary>
    /// <param name="node">The node.</param>
    /// <param name="value">The value.</param>
    /// <param name="weight">The weights.</param>
    /// <param name="bias">What is added, one number a column; null for nothing.</param>
    private static GraphValue Weighted(NodeContext node, GraphValue value, KnownMatrix weight, ParameterValues? bias)
    {
        int last = value.Rank - 1;
        int rows = weight.Rows;
        int columns = weight.Columns;
        int[] dimensions = [.. value.LogicalDimensions.SkipLast(1), columns];
        if (node.Writer.IsBatched && last == 0)
        {
            throw node.AcrossBatch();
        }

        if (value.Layout.Factors.All(factor => factor.Axis == last))
        {
            // One row a sample: the weights' rows take the order of the memory.
            SymbolicTensor vector = node.Writer.Shaped(value.Tensor, [rows], node.Name);
            SymbolicTensor product = node.Apply(new Dense(columns) { UseBias = bias is not null }, vector, Parameters(weight.Values(value.Layout), bias));
            return new GraphValue(product, dimensions, AxisLayout.Of(dimensions, [last]));
        }

        int[] order = [.. value.Layout.AxisOrder.Where(axis => axis != last), last];
        GraphValue moved = node.Writer.Ordered(value, order, node.Name);
        SymbolicTensor image = node.Writer.Shaped(moved.Tensor, [1, moved.Tensor.Shape.ElementCount / rows, rows], node.Name);
        SymbolicTensor convolved = node.Apply(new Conv2D(columns, 1) { UseBias = bias is not null }, image, Parameters(weight.Values(null), bias));
        return new GraphValue(convolved, dimensions, AxisLayout.Of(dimensions, order));
    }

    private static IEnumerable<(string Name, ParameterValues Values)> Parameters(ParameterValues weight, ParameterValues? bias) =>
        bias is null ? [("weight", weight)] : [("weight", weight), ("bias", bias)];

    /// <summary>The product of any two operands, as numpy's matmul has it.</summary>
    private static GraphValue General(NodeContext node, OnnxValue left, OnnxValue right)
    {
        GraphWriter writer = node.Writer;
        int rank = Math.Max(Math.Max(left.Dimensions.Count, right.Dimensions.Count), 2);
        bool isLeftVector = left.Dimensions.Count == 1;
        bool isRightVector = right.Dimensions.Count == 1;
        if (writer.IsBatched
            && (rank < 3 || isLeftVector || isRightVector || left is GraphValue && left.Dimensions.Count < rank || right is GraphValue
                && right.Dimensions.Count < rank))
        {
            throw node.AcrossBatch();
        }

        int[] leftDimensions = isLeftVector ? [1, left.Dimensions[0]] : [.. left.Dimensions];
        int[] rightDimensions = isRightVector ? [right.Dimensions[0], 1] : [.. right.Dimensions];
        SymbolicTensor leftTensor = Operand(node, left, leftDimensions, rank);
        SymbolicTensor rightTensor = Operand(node, right, rightDimensions, rank);
        SymbolicTensor product = writer.Apply(new MatMul(), [leftTensor, rightTensor], node.Name);
        int[] matrices = WholeNumbers.BroadcastDimensions(node, [.. leftDimensions.SkipLast(2)], [.. rightDimensions.SkipLast(2)]);
        int[] dimensions = [.. matrices, .. isLeftVector
            ? []
            : new[] { leftDimensions[^2] }, .. isRightVector
            ? []
            : new[] { rightDimensions[^1] }];
        return new GraphValue(product, dimensions,
            AxisLayout.Of(dimensions, Enumerable.Range(writer.FirstAxis, dimensions.Length - writer.FirstAxis)));
    }

    /// <summary>An operand in row-major order with all axes of the product.</summary>
    private static SymbolicTensor Operand(NodeContext node, OnnxValue operand, int[] dimensions, int rank)
    {
        GraphWriter writer = node.Writer;
        int[] shape = [.. Enumerable.Repeat(1, rank - dimensions.Length), .. dimensions];
        int[] sample = [.. shape.Skip(writer.FirstAxis)];
        switch (operand)
        {
            case GraphValue value:
                return writer.Shaped(writer.Plain(value, node.Name).Tensor, sample, node.Name);
            case ConstantValue constant when writer.IsBatched && shape[0] != 1:
                throw node.AcrossBatch();
            default:
                return writer.Constant(
                    ParameterValues.Of(((ConstantValue)operand).Tensor), sample, node.Name, isTrainable: true);
        }
    }

    private static OnnxValue Transposed(NodeContext node, OnnxValue value, string attribute)
    {
        if (!node.Attributes.Flag(attribute) || value.Dimensions.Count != 2)
        {
            return value;
        }

        OnnxValue transposed = AxisOperations.Transpose(node, value, [1, 0]);
        node.Writer.Budget.Add(node, [transposed]);
        return transposed;
    }

    private static GraphValue Scaled(NodeContext node, GraphValue value, float scale) => scale == 1
        ? value
        : node.Writer.Broadcast(new Multiply(), [value, new ConstantValue(new OnnxTensor([], [scale]))], $"{node.Name}/scale");

    private static GraphValue Added(NodeContext node, GraphValue value, OnnxValue added, float beta) => node.Writer.Broadcast(
        new Add(), [value, added is GraphValue graph ? Scaled(node, graph, beta) : Scaled(node, ((ConstantValue)added).Tensor, beta)],
            $"{node.Name}/add");

    private static ConstantValue Scaled(NodeContext node, OnnxTensor constant, float scale)
    {
        if (scale == 1)
        {
            return new ConstantValue(constant);
        }

        if (constant.IsUniform)
        {
            return new ConstantValue(new OnnxTensor(Scaled(node, new OnnxTensor(constant, [1]), scale).Tensor, constant.Dimensions));
        }

        node.Writer.Budget.RequireFolded(node, constant.Dimensions, areFloats: true);
        float[] values = constant.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= scale;
        }

        ConstantValue scaled = new(new OnnxTensor(constant.Dimensions, values));
        node.Writer.Budget.Add(node, [scaled]);
        return scaled;
    }

    /// <remarks>After an image that was flattened with its channels first the rows of the weights follow that order.</remarks>
    private static ExportValue WriteDense(LayerExport layer)
    {
        Dense settings = layer.Layer<Dense>();
        Tensor weight = layer.Parameter("weight");
        int rows = weight.Shape[0];
        float[] values = weight.ToArray();
        ExportValue input = layer.Input;
        if (input.Order == ExportOrder.FlattenedChannelsFirst)
        {
            Shape source = input.Source;
            values = StridedPlaces.Transpose<float>(values, [rows / source.Channels, source.Channels, settings.Units], [1, 0, 2]);
        }

        string name = layer.Initializer("weight", values, rows, settings.Units);
        return layer.Emit(
            "Gemm", ExportOrder.AsIs, settings.UseBias ? [input.Name, name, layer.Initializer("bias")] : [input.Name, name]);
    }

    /// <remarks>
    /// Vectors become matrices of one row or column, and operands of fewer dimensions get the missing ones behind the batch; the result is
    /// given the dimensions of the layer's.
    /// </remarks>
    private static ExportValue WriteMatMul(LayerExport layer)
    {
        Shape left = layer.Inputs[0].Shape;
        Shape right = layer.Inputs[1].Shape;
        int rank = Math.Max(Math.Max(left.Rank, right.Rank), 2);
        string first = WriteOperand(layer, 0, left.Rank == 1 ? [1, left[0]] : [.. left], rank);
        string second = WriteOperand(layer, 1, right.Rank == 1 ? [right[0], 1] : [.. right], rank);
        if (left.Rank > 1 && right.Rank > 1)
        {
            return layer.Emit("MatMul", ExportOrder.AsIs, [first, second]);
        }

        string product = layer.Graph.Node("MatMul", $"{layer.Name}/product", [first, second]);
        return layer.Emit("Reshape", ExportOrder.AsIs, [product, layer.Graph.Integers($"{layer.Name}.shape", [0, .. layer.OutputShape])]);
    }

    private static string WriteOperand(LayerExport layer, int number, int[] dimensions, int rank)
    {
        ExportValue input = layer.Graph.AsIs(layer.Inputs[number]);
        if (dimensions.Length == rank && input.Shape.Rank == rank)
        {
            return input.Name;
        }

        int[] shape = [0, .. Enumerable.Repeat(1, rank - dimensions.Length), .. dimensions];
        return layer.Graph.Node(
            "Reshape", $"{layer.Name}/operand{number}", [input.Name, layer.Graph.Integers($"{layer.Name}/operand{number}/shape", shape)]);
    }
}
