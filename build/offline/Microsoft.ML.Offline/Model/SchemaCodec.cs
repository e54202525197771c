#nullable disable
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A schema with its annotations as bytes. Columns of types without a code, such as images, are left out; one has to remain.</summary>
internal static class SchemaCodec
{
    public static void Write(BinaryWriter writer, DataViewSchema schema)
    {
        DataViewSchema.Column[] columns = [.. schema.Where(column => ValueCodec.CanWrite(column.Type))];
        if (columns.Length == 0)
        {
            throw new InvalidOperationException("No valid columns to save");
        }

        writer.Write(columns.Length);
        foreach (DataViewSchema.Column column in columns)
        {
            writer.Write(column.Name);
            ValueCodec.WriteType(writer, column.Type);
            DataViewSchema.Column[] annotations =
                [.. column.Annotations.Schema.Where(annotation => ValueCodec.CanWrite(annotation.Type))];
            writer.Write(annotations.Length);
            foreach (DataViewSchema.Column annotation in annotations)
            {
                writer.Write(annotation.Name);
                ValueCodec.WriteType(writer, annotation.Type);
                bool isVector = annotation.Type is VectorDataViewType;
                Func<BinaryWriter, DataViewSchema.Annotations, DataViewSchema.Column, int> write =
                    isVector ? WriteVector<int> : WriteValue<int>;
                GenericCall.Invoke<int>(write, annotation.Type.GetItemType().RawType, writer, column.Annotations, annotation);
            }
        }
    }

    public static DataViewSchema Read(BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        int columns = reader.ReadInt32();
        for (int i = 0; i < columns; i++)
        {
            string name = reader.ReadString();
            DataViewType type = ValueCodec.ReadType(reader);
            var annotations = new DataViewSchema.Annotations.Builder();
            int count = reader.ReadInt32();
            for (int j = 0; j < count; j++)
            {
                string kind = reader.ReadString();
                DataViewType annotationType = ValueCodec.ReadType(reader);
                Func<BinaryReader, Delegate> read = annotationType is VectorDataViewType ? ReadVector<int> : ReadValue<int>;
                annotations.Add(
                    kind, annotationType, GenericCall.Invoke<Delegate>(read, annotationType.GetItemType().RawType, reader));
            }

            builder.AddColumn(name, type, annotations.ToAnnotations());
        }

        return builder.ToSchema();
    }

    private static int WriteValue<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        T value = default;
        annotations.GetGetter<T>(column)(ref value);
        ValueCodec.WriteValue(writer, value);
        return 1;
    }

    private static int WriteVector<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        VBuffer<T> value = default;
        annotations.GetGetter<VBuffer<T>>(column)(ref value);
        ValueCodec.WriteVector(writer, value);
        return value.Length;
    }

    private static Delegate ReadValue<T>(BinaryReader reader) => MemberTypes.ConstantGetter(ValueCodec.ReadValue<T>(reader));

    private static Delegate ReadVector<T>(BinaryReader reader) => MemberTypes.ConstantGetter(ValueCodec.ReadVector<T>(reader));
}
