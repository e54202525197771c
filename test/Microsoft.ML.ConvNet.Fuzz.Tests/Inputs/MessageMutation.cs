namespace Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;

/// <summary>
/// Changes of protobuf messages that keep them messages: in one of them, however deep, a field is left out, doubled, exchanged with another,
/// or gets another number; lengths are made true again.
/// </summary>
internal static class MessageMutation
{
    private const int MostChanges = 3;
    private const int DeepestMessage = 8;

    /// <summary>A changed copy.</summary>
    public static byte[] Change(byte[] message, Random random)
    {
        int changes = 1 + random.Next(MostChanges);
        for (int i = 0; i < changes; i++)
        {
            message = ChangeOnce(message, random, DeepestMessage);
        }

        return message;
    }

    private static byte[] ChangeOnce(byte[] message, Random random, int depth)
    {
        List<Field>? fields = Parse(message);
        if (fields is null || fields.Count == 0)
        {
            return message;
        }

        int at = random.Next(fields.Count);
        Field field = fields[at];
        bool isMessage = field.Wire == 2 && depth > 0 && Parse(field.Content) is { Count: > 0 };
        if (isMessage && random.Next(8) > 0)
        {
            fields[at] = field with { Content = ChangeOnce(field.Content, random, depth - 1) };
            return Write(fields);
        }

        switch (random.Next(6))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count), field);
                break;
            case 2:
                int other = random.Next(fields.Count);
                (fields[at], fields[other]) = (field with { Number = fields[other].Number }, fields[other] with { Number = field.Number });
                break;
            case 3 when field.Wire == 2:
                fields[at] = field with { Content = Mutation.Change(field.Content, random) };
                break;
            case 4:
                fields[at] = field with { Content = fields[random.Next(fields.Count)].Content };
                break;
            default:
                fields[at] = field.Wire == 0 ? field with { Value = (ulong)Mutation.EdgeNumber(random) }
                    : field with { Content = WithNumber(field.Content, random) };
                break;
        }

        return Write(fields);
    }

    /// <summary>A text that is another one, or packed numbers of which one is another.</summary>
    private static byte[] WithNumber(byte[] content, Random random)
    {
        using MemoryStream stream = new();
        int at = random.Next(content.Length + 1);
        stream.Write(content.AsSpan(0, at));
        WriteNumber(stream, (ulong)Mutation.EdgeNumber(random));
        int next = Math.Min(at + 1, content.Length);
        stream.Write(content.AsSpan(next));
        return stream.ToArray();
    }

    private static List<Field>? Parse(byte[] message)
    {
        List<Field> fields = [];
        for (int at = 0; at < message.Length;)
        {
            if (ReadNumber(message, ref at) is not { } key || key >> 3 is 0 or > 64)
            {
                return null;
            }

            int wire = (int)(key & 7);
            ulong? value = wire switch { 0 or 2 => ReadNumber(message, ref at), 1 => 8, 5 => 4, _ => null };
            int length = wire == 0 ? 0 : (int)Math.Min(value ?? 0, int.MaxValue);
            if (value is null || length > message.Length - at)
            {
                return null;
            }

            fields.Add(new Field((int)(key >> 3), wire, value.Value, message[at..(at + length)]));
            at += length;
        }

        return fields;
    }

    private static byte[] Write(List<Field> fields)
    {
        using MemoryStream stream = new();
        foreach (Field field in fields)
        {
            WriteNumber(stream, ((ulong)field.Number << 3) | (uint)field.Wire);
            if (field.Wire is 0 or 2)
            {
                WriteNumber(stream, field.Wire == 0 ? field.Value : (ulong)field.Content.Length);
            }

            stream.Write(field.Content);
        }

        return stream.ToArray();
    }

    private static ulong? ReadNumber(byte[] message, ref int at)
    {
        ulong number = 0;
        for (int shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            byte part = message[at++];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }

        return null;
    }

    private static void WriteNumber(MemoryStream stream, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            stream.WriteByte((byte)(number | 0x80));
        }

        stream.WriteByte((byte)number);
    }

    private sealed record Field(int Number, int Wire, ulong Value, byte[] Content);
}
