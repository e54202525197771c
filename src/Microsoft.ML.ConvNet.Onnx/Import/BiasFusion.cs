using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// Makes one node of a product with known weights and the addition of known numbers, one a column, that alone reads it: exporters write a
/// fully connected layer so. The product has the numbers as a third input then, and its layer a bias.
/// </summary>
internal static class BiasFusion
{
    /// <summary>The nodes with such pairs joined.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="known">The tensors that stand in the file.</param>
    /// <param name="output">The output, which has to stay.</param>
    public static IReadOnlyList<NodeProto> Join(IReadOnlyList<NodeProto> nodes, IReadOnlyDictionary<string, OnnxTensor> known,
        string output)
    {
        Dictionary<string, int> readers = nodes.SelectMany(node => node.Input)
            .GroupBy(name => name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        Dictionary<string, NodeProto> products = new(StringComparer.Ordinal);
        List<NodeProto> joined = [];
        foreach (NodeProto node in nodes)
        {
            if (IsProduct(node, known) && readers.GetValueOrDefault(node.Output[0]) == 1 && node.Output[0] != output)
            {
                products[node.Output[0]] = node;
            }
            else if (Added(node, products, known) is var (product, bias))
            {
                NodeProto one = product.Clone();
                one.Input.Add(bias);
                one.Output[0] = node.Output[0];
                joined[joined.IndexOf(product)] = one;
                continue;
            }

            joined.Add(node);
        }

        return joined;
    }

    private static bool IsProduct(NodeProto node, IReadOnlyDictionary<string, OnnxTensor> known) =>
        node.OpType == "MatMul" && ModelChecks.IsDefaultDomain(node.Domain) && node.Input.Count == 2 && node.Output.Count == 1
        && known.TryGetValue(node.Input[1], out OnnxTensor? weight) && weight is { IsFloatingPoint: true, Dimensions.Count: 2 };

    /// <summary>The product that an addition reads, and what it adds to each column of it.</summary>
    private static (NodeProto Product, string Bias)? Added(
        NodeProto node, Dictionary<string, NodeProto> products, IReadOnlyDictionary<string, OnnxTensor> known)
    {
        if (node.OpType != "Add" || !ModelChecks.IsDefaultDomain(node.Domain) || node.Input.Count != 2 || node.Output.Count != 1
            || node.Attribute.Count > 0)
        {
            return null;
        }

        (string first, string second) = products.ContainsKey(node.Input[0])
            ? (node.Input[0], node.Input[1])
            : (node.Input[1], node.Input[0]);
        return products.TryGetValue(first, out NodeProto? product)
            && known.TryGetValue(second, out OnnxTensor? bias)
            && bias is { IsFloatingPoint: true, Dimensions: [int columns] }
            && columns == known[product.Input[1]].Dimensions[1] && bias.ElementType == known[product.Input[1]].ElementType
            ? (product, second)
            : null;
    }
}
