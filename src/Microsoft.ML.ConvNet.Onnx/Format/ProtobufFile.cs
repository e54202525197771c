using Google.Protobuf;
using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Format;

/// <summary>Reads a protobuf message from a file within limits.</summary>
internal static class ProtobufFile
{
    /// <summary>The deepest nesting of messages: what this library reads needs seven.</summary>
    private const int MaximumDepth = 32;

    /// <summary>The largest file: protobuf has no larger messages.</summary>
    private const long MaximumBytes = int.MaxValue;

    /// <summary>Reads a file that holds one message.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is no such message, or no regular file: opening a pipe could wait forever.</exception>
    public static T Read<T>(string path, MessageParser<T> parser, string kind)
        where T : IMessage<T>
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no ONNX {kind} file {OnnxText.Quoted(path)}.", path);
        }

        FileTarget target = FileTarget.Of(path);
        ModelFormatException.Require(
            target.IsFile,
            $"An ONNX {kind} is read from a regular file. Received: {OnnxText.Quoted(path)}, which is {target.Description}.");
        using FileStream file = File.OpenRead(path);

        // What a shell gives as /dev/fd/63 has no length.
        if (file.CanSeek && file.Length > MaximumBytes)
        {
            throw new ModelFormatException(FormattableString.Invariant(
                $"An ONNX {kind} file has at most {MaximumBytes:N0} bytes. Received: {file.Length:N0}."));
        }

        return Read(file, parser, kind);
    }

    /// <summary>Reads one message to the end of a stream.</summary>
    /// <exception cref="ModelFormatException">The stream holds no such message.</exception>
    public static T Read<T>(Stream stream, MessageParser<T> parser, string kind)
        where T : IMessage<T>
    {
        try
        {
            using CodedInputStream input = CodedInputStream.CreateWithLimits(stream, (int)MaximumBytes, MaximumDepth);
            return parser.WithDiscardUnknownFields(true).ParseFrom(input);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ModelFormatException($"An ONNX {kind} file is a protobuf message. Received: {exception.Message}", exception);
        }
    }
}
