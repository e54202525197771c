using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>
/// What ONNX's specification says of every operator that is read: by opset its inputs, outputs and attributes, written as
/// <see cref="OperatorSchema.Parse"/> reads them. A version stands here where one of them changed.
/// </summary>
internal static class OperatorSchemas
{
    /// <summary>The rows, one an operator.</summary>
    public static IReadOnlyList<IReadOnlyList<OperatorSchema>> All { get; } =
    [
        Row("Abs", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("Add", "1: T T -> T | axis:i broadcast:i consumed_inputs:is", "6: T T -> T | axis:i broadcast:i", "7: T T -> T"),
        Row("And", "1: T T -> bool | axis:i broadcast:i", "7: T T -> bool"),
        Row(
            "AveragePool",
            "1: T -> T | auto_pad:s kernel_shape:is! pads:is strides:is",
            "7: T -> T | auto_pad:s count_include_pad:i kernel_shape:is! pads:is strides:is",
            "10: T -> T | auto_pad:s ceil_mode:i count_include_pad:i kernel_shape:is! pads:is strides:is",
            "19: T -> T | auto_pad:s ceil_mode:i count_include_pad:i dilations:is kernel_shape:is! pads:is strides:is"),
        Row(
            "BatchNormalization",
            "1: T T T T T -> T T? T? T? T? | consumed_inputs:is epsilon:f is_test:i momentum:f spatial:i",
            "6: T T T T T -> T T? T? T? T? | epsilon:f is_test:i momentum:f spatial:i",
            "7: T T T T T -> T T? T? T? T? | epsilon:f momentum:f spatial:i",
            "9: T T T T T -> T T? T? T? T? | epsilon:f momentum:f",
            "14: T T T U U -> T U? U? | epsilon:f momentum:f training_mode:i",
            "15: T T1 T1 T2 T2 -> T T2? T2? | epsilon:f momentum:f training_mode:i"),
        Row(
            "Cast",
            "1: T1 -> T2 | to:s!",
            "6: T1 -> T2 | to:i!",
            "19: T1 -> T2 | saturate:i to:i!",
            "24: T1 -> T2 | round_mode:s saturate:i to:i!"),
        Row("CastLike", "15: T1 T2 -> T2", "19: T1 T2 -> T2 | saturate:i", "24: T1 T2 -> T2 | round_mode:s saturate:i"),
        Row("Ceil", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("Celu", "12: T -> T | alpha:f"),
        Row("Clip", "1: T -> T | consumed_inputs:is max:f min:f", "6: T -> T | max:f min:f", "11: T T? T? -> T"),
        Row("Concat", "1: T* -> T | axis:i", "4: T* -> T | axis:i!"),
        Row(
            "Constant",
            "1: -> T | value:t!",
            "11: -> T | sparse_value:p value:t",
            "12: -> T | sparse_value:p value:t value_float:f value_floats:fs value_int:i value_ints:is value_string:s value_strings:ss"),
        Row("ConstantOfShape", "9: T1 -> T2 | value:t"),
        Row("Conv", "1: T T T? -> T | auto_pad:s dilations:is group:i kernel_shape:is pads:is strides:is"),
        Row(
            "ConvTranspose",
            "1: T T T? -> T | auto_pad:s dilations:is group:i kernel_shape:is output_padding:is output_shape:is pads:is strides:is"),
        Row("DepthToSpace", "1: T -> T | blocksize:i!", "11: T -> T | blocksize:i! mode:s"),
        Row("Div", "1: T T -> T | axis:i broadcast:i consumed_inputs:is", "6: T T -> T | axis:i broadcast:i", "7: T T -> T"),
        Row(
            "Dropout",
            "1: T -> T T? | consumed_inputs:is is_test:i ratio:f",
            "6: T -> T T? | is_test:i ratio:f",
            "7: T -> T T? | ratio:f",
            "10: T -> T bool? | ratio:f",
            "12: T T1? T2? -> T bool? | seed:i"),
        Row("Elu", "1: T -> T | alpha:f consumed_inputs:is", "6: T -> T | alpha:f"),
        Row("Equal", "1: T T -> bool | axis:i broadcast:i", "7: T T -> bool"),
        Row("Erf", "9: T -> T"),
        Row("Exp", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("Expand", "8: T int64 -> T"),
        Row("Flatten", "1: T -> T | axis:i"),
        Row("Floor", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("Gather", "1: T Tind -> T | axis:i"),
        Row("Gelu", "20: T -> T | approximate:s"),
        Row(
            "Gemm",
            "1: T T T -> T | alpha:f beta:f broadcast:i transA:i transB:i",
            "7: T T T -> T | alpha:f beta:f transA:i transB:i",
            "11: T T T? -> T | alpha:f beta:f transA:i transB:i"),
        Row("GlobalAveragePool", "1: T -> T"),
        Row("GlobalMaxPool", "1: T -> T"),
        Row("Greater", "1: T T -> bool | axis:i broadcast:i", "7: T T -> bool"),
        Row("GreaterOrEqual", "12: T T -> bool"),
        Row("GroupNormalization", "18: T T T -> T | epsilon:f num_groups:i!", "21: T T T -> T | epsilon:f num_groups:i! stash_type:i"),
        Row("HardSigmoid", "1: T -> T | alpha:f beta:f consumed_inputs:is", "6: T -> T | alpha:f beta:f"),
        Row("HardSwish", "14: T -> T"),
        Row("Identity", "1: T -> T"),
        Row("InstanceNormalization", "1: T T T -> T | consumed_inputs:is epsilon:f", "6: T T T -> T | epsilon:f"),
        Row("LRN", "1: T -> T | alpha:f beta:f bias:f size:i!"),
        Row("LayerNormalization", "17: T T T? -> T U? U? | axis:i epsilon:f stash_type:i"),
        Row("LeakyRelu", "1: T -> T | alpha:f consumed_inputs:is", "6: T -> T | alpha:f"),
        Row("Less", "1: T T -> bool | axis:i broadcast:i", "7: T T -> bool"),
        Row("LessOrEqual", "12: T T -> bool"),
        Row("Log", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("LogSoftmax", "1: T -> T | axis:i"),
        Row(
            "LpPool",
            "1: T -> T | auto_pad:s kernel_shape:is p:f pads:is strides:is",
            "2: T -> T | auto_pad:s kernel_shape:is! p:i pads:is strides:is",
            "18: T -> T | auto_pad:s ceil_mode:i dilations:is kernel_shape:is! p:i pads:is strides:is"),
        Row("MatMul", "1: T T -> T"),
        Row("Max", "1: T* -> T | consumed_inputs:is", "6: T* -> T"),
        Row(
            "MaxPool",
            "1: T -> T | auto_pad:s kernel_shape:is! pads:is strides:is",
            "8: T -> T int64? | auto_pad:s kernel_shape:is! pads:is storage_order:i strides:is",
            "10: T -> T int64? | auto_pad:s ceil_mode:i dilations:is kernel_shape:is! pads:is storage_order:i strides:is"),
        Row("MaxRoiPool", "1: T T -> T | pooled_shape:is! spatial_scale:f"),
        Row("Mean", "1: T* -> T | consumed_inputs:is", "6: T* -> T"),
        Row("Min", "1: T* -> T | consumed_inputs:is", "6: T* -> T"),
        Row("Mish", "18: T -> T"),
        Row("Mul", "1: T T -> T | axis:i broadcast:i consumed_inputs:is", "6: T T -> T | axis:i broadcast:i", "7: T T -> T"),
        Row("Neg", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("Not", "1: T -> T"),
        Row("Or", "1: T T -> bool | axis:i broadcast:i", "7: T T -> bool"),
        Row("PRelu", "1: T T -> T | consumed_inputs:is", "6: T T -> T"),
        Row(
            "Pad",
            "1: T -> T | mode:s paddings:is! value:f",
            "2: T -> T | mode:s pads:is! value:f",
            "11: T int64 T? -> T | mode:s",
            "18: T int64 T? Tind? -> T | mode:s"),
        Row("Pow", "1: T T -> T | axis:i broadcast:i", "7: T T -> T", "12: T T1 -> T"),
        Row("Range", "11: T T T -> T", "27: T T T -> T | stash_type:i"),
        Row("Reciprocal", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("ReduceMax", "1: T -> T | axes:is keepdims:i", "18: T int64? -> T | keepdims:i noop_with_empty_axes:i"),
        Row("ReduceMean", "1: T -> T | axes:is keepdims:i", "18: T int64? -> T | keepdims:i noop_with_empty_axes:i"),
        Row("ReduceMin", "1: T -> T | axes:is keepdims:i", "18: T int64? -> T | keepdims:i noop_with_empty_axes:i"),
        Row("ReduceProd", "1: T -> T | axes:is keepdims:i", "18: T int64? -> T | keepdims:i noop_with_empty_axes:i"),
        Row("ReduceSum", "1: T -> T | axes:is keepdims:i", "13: T int64? -> T | keepdims:i noop_with_empty_axes:i"),
        Row("Relu", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("Reshape", "1: T -> T | consumed_inputs:is shape:is", "5: T int64 -> T", "14: T int64 -> T | allowzero:i"),
        Row(
            "Resize",
            "10: T float -> T | mode:s",
            "11: T1 T2 float int64? -> T1 | coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i "
                + "extrapolation_value:f mode:s nearest_mode:s",
            "13: T1 T2? float? int64? -> T1 | coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i "
                + "extrapolation_value:f mode:s nearest_mode:s",
            "18: T1 T2? float? int64? -> T1 | antialias:i axes:is coordinate_transformation_mode:s cubic_coeff_a:f "
                + "exclude_outside:i extrapolation_value:f keep_aspect_ratio_policy:s mode:s nearest_mode:s"),
        Row(
            "RoiAlign",
            "10: T1 T1 T2 -> T1 | mode:s output_height:i output_width:i sampling_ratio:i spatial_scale:f",
            "16: T1 T1 T2 -> T1 | coordinate_transformation_mode:s mode:s output_height:i output_width:i sampling_ratio:i spatial_scale:f"),
        Row("Round", "11: T -> T"),
        Row("Selu", "1: T -> T | alpha:f consumed_inputs:is gamma:f", "6: T -> T | alpha:f gamma:f"),
        Row("Shape", "1: T -> int64", "15: T -> int64 | end:i start:i"),
        Row("Sigmoid", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("Size", "1: T -> int64"),
        Row("Slice", "1: T -> T | axes:is ends:is! starts:is!", "10: T Tind Tind Tind? Tind? -> T"),
        Row("Softmax", "1: T -> T | axis:i"),
        Row("Softplus", "1: T -> T"),
        Row("Softsign", "1: T -> T"),
        Row("SpaceToDepth", "1: T -> T | blocksize:i!"),
        Row(
            "Split",
            "1: T T? -> T* | axis:i split:is",
            "2: T -> T* | axis:i split:is",
            "13: T int64? -> T* | axis:i",
            "18: T int64? -> T* | axis:i num_outputs:i"),
        Row("Sqrt", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("Squeeze", "1: T -> T | axes:is", "13: T int64? -> T"),
        Row("Sub", "1: T T -> T | axis:i broadcast:i consumed_inputs:is", "6: T T -> T | axis:i broadcast:i", "7: T T -> T"),
        Row("Sum", "1: T* -> T | consumed_inputs:is", "6: T* -> T"),
        Row("Swish", "24: T -> T | alpha:f"),
        Row("Tanh", "1: T -> T | consumed_inputs:is", "6: T -> T"),
        Row("ThresholdedRelu", "10: T -> T | alpha:f"),
        Row("Transpose", "1: T -> T | perm:is"),
        Row("Unsqueeze", "1: T -> T | axes:is!", "13: T int64 -> T"),
        Row("Upsample", "1: T -> T | height_scale:f! mode:s width_scale:f!", "7: T -> T | mode:s scales:fs!", "9: T float -> T | mode:s"),
        Row("Where", "9: bool T T -> T"),
    ];

    private static OperatorSchema[] Row(string name, params string[] versions) =>
        [.. versions.Select(version => OperatorSchema.Parse(name, version))];
}
