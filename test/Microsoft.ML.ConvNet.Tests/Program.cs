using Microsoft.ML.ConvNet.Tests.Augmenting;
using Microsoft.ML.ConvNet.Tests.Saving;
using Microsoft.Testing.Platform.Builder;

namespace Microsoft.ML.ConvNet.Tests;

/// <summary>Runs the tests; or, started by a test with the argument "score", "augment" or "copy", what a fresh process does.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["score", var model, var seed])
        {
            return FreshProcess.Score(model, seed);
        }

        if (arguments is ["augment", var augmenting])
        {
            return FreshProcess.Print(augmenting, AugmentImagesTests.Program);
        }

        if (arguments is ["copy", var from, var to])
        {
            return FreshProcess.Copy(from, to);
        }

        ITestApplicationBuilder builder = await TestApplication.CreateBuilderAsync(arguments);
        SelfRegisteredExtensions.AddSelfRegisteredExtensions(builder, arguments);
        using ITestApplication application = await builder.BuildAsync();
        return await application.RunAsync();
    }
}
