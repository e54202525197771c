#nullable disable

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>The checks that transforms of images share.</summary>
internal static class ImageColumns
{
    public static void CheckImage(this IHost host, DataViewSchema.Column input)
    {
        if (input.Type is not ImageDataViewType)
        {
            throw host.ExceptSchemaMismatch("inputSchema", "input", input.Name, "image", input.Type.ToString());
        }
    }

    public static SchemaShape.Column RequireImage(this IHost host, SchemaShape inputSchema, string name)
    {
        if (!inputSchema.TryFindColumn(name, out SchemaShape.Column column))
        {
            throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
        }

        if (column.ItemType is not ImageDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
        {
            throw host.ExceptSchemaMismatch(
                nameof(inputSchema), "input", name, new ImageDataViewType().ToString(), column.GetTypeString());
        }

        return column;
    }
}
