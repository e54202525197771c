using Microsoft.ML.ConvNet.Fuzz.Tests.Running;
using Microsoft.Testing.Platform.Builder;

namespace Microsoft.ML.ConvNet.Fuzz.Tests;

/// <summary>
/// Runs the tests; with the argument "long" as the first a long run, which starts this program again with "inputs", so that an input which
/// ends a process is found.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["long", .. var options]:
                return LongRun.Run(options);
            case ["inputs", var target, var first, var seconds, var journal]:
                return InputProcess.Run(target, first, seconds, journal);
        }

        ITestApplicationBuilder builder = await TestApplication.CreateBuilderAsync(arguments);
        SelfRegisteredExtensions.AddSelfRegisteredExtensions(builder, arguments);
        using ITestApplication application = await builder.BuildAsync();
        return await application.RunAsync();
    }
}
