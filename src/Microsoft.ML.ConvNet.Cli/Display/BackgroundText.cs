namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>What transparent pixels lie on, as the command line has it.</summary>
internal static class BackgroundText
{
    /// <summary>The word for it.</summary>
    public static string Of(ImageBackground background) => background == ImageBackground.White ? "white" : "black";
}
