using Google.Protobuf;
using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Format;

/// <summary>Small models, written for a test.</summary>
internal static class Graphs
{
    /// <summary>A model of some nodes.</summary>
    /// <param name="input">The dimensions of the input "x"; -1 for one that is not known.</param>
    /// <param name="output">The output.</param>
    /// <param name="nodes">The nodes.</param>
    public static ModelProto Model(int[] input, string output, params NodeProto[] nodes)
    {
        ModelProto model = new() { IrVersion = 8, Graph = new GraphProto { Name = "test" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.Input.Add(Value("x", OnnxElementType.Float, input));
        model.Graph.Output.Add(Value(output, OnnxElementType.Float, []));
        model.Graph.Node.AddRange(nodes);
        return model;
    }

    /// <summary>A node.</summary>
    public static NodeProto Node(string operation, string[] inputs, string output, params AttributeProto[] attributes)
    {
        NodeProto node = new() { OpType = operation, Name = $"node_{output}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        return node;
    }

    /// <summary>Adds a tensor of floats.</summary>
    public static ModelProto WithFloats(this ModelProto model, string name, int[] dimensions, params float[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)OnnxElementType.Float };
        tensor.Dims.AddRange(dimensions.Select(dimension => (long)dimension));
        tensor.FloatData.AddRange(values);
        model.Graph.Initializer.Add(tensor);
        return model;
    }

    /// <summary>Adds a list of whole numbers.</summary>
    public static ModelProto WithIntegers(this ModelProto model, string name, params long[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)OnnxElementType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        model.Graph.Initializer.Add(tensor);
        return model;
    }

    /// <summary>Adds one whole number.</summary>
    public static ModelProto WithNumber(this ModelProto model, string name, long value)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)OnnxElementType.Int64 };
        tensor.Int64Data.Add(value);
        model.Graph.Initializer.Add(tensor);
        return model;
    }

    /// <summary>The model for other operators.</summary>
    public static ModelProto WithOpset(this ModelProto model, int version)
    {
        model.OpsetImport[0].Version = version;
        return model;
    }

    /// <summary>The model as it is read from a file.</summary>
    public static OnnxModel Read(this ModelProto model) => OnnxModel.Load(new MemoryStream(model.ToByteArray()));

    /// <summary>What a model says of a value.</summary>
    public static ValueInfoProto Value(string name, OnnxElementType type, int[] dimensions)
    {
        TensorShapeProto shape = new();
        shape.Dim.AddRange(dimensions.Select(dimension => dimension < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = "N" }
            : new TensorShapeProto.Types.Dimension { DimValue = dimension }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
