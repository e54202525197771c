using System.Diagnostics;
using Microsoft.ML.ConvNet.Cli.Display;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>
/// Finds the files of ResNet-18. The tool does not bring them, for they are as large as all else of it together many times; it looks into NuGet's
/// folder of packages and into its own, and else has NuGet fetch the package that has them, from the user's own sources, once.
/// </summary>
internal static class ResNet18Package
{
    private const string Id = "Microsoft.ML.DnnImageFeaturizer.ResNet18";
    private const string Version = "0.23.1";
    private static readonly string Models = Path.Combine("tools", "DnnImageModels");

    /// <summary>The folder with the files.</summary>
    /// <exception cref="CommandException">They are not there, and cannot be fetched.</exception>
    public static string Find() => InPackages(SharedPackages()) ?? InPackages(OwnPackages()) ?? Fetch();

    private static string SharedPackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string OwnPackages() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "convnet", "packages");

#pragma warning disable CA1308 // NuGet's folders have the names of packages in small letters.
    private static string? InPackages(string folder)
    {
        string package = Path.Combine(folder, Id.ToLowerInvariant(), Version);

        // NuGet writes this file last: a package without it is not whole.
        return File.Exists(Path.Combine(package, ".nupkg.metadata")) ? Path.Combine(package, Models) : null;
    }
#pragma warning restore CA1308

    private static string Fetch()
    {
        Console.Error.WriteLine($"fetching ResNet-18 with NuGet, once: package {Id} {Version}, 59 MB");
        string project = Directory.CreateTempSubdirectory("convnet-base-").FullName;
        try
        {
            // A package that is only downloaded brings none of its own dependencies, which are native libraries.
            File.WriteAllText(
                Path.Combine(project, "base.csproj"),
                $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
                  <ItemGroup><PackageDownload Include="{Id}" Version="[{Version}]" /></ItemGroup>
                </Project>
                """);
            (int code, string output) = Run(project);
            return InPackages(OwnPackages()) ?? throw Missing(code == 0 ? "no file of it" : output);
        }
        finally
        {
            Directory.Delete(project, recursive: true);
        }
    }

    // From the user's folder, whose NuGet.config may name the sources; the SDK is there, for this is a tool of it.
    private static (int Code, string Output) Run(string project)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["restore", Path.Combine(project, "base.csproj"), "--packages", OwnPackages(), "--verbosity", "quiet"])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process process = Process.Start(start) ?? throw Missing("dotnet, which does not start");
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, $"{output} {errors.Result}");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw Missing($"{error.Message} (dotnet)");
        }
    }

    private static CommandException Missing(string received) => new(
        $"--base {BaseModelFile.ResNet18} needs the package {Id} {Version} of one of NuGet's sources, in {TerminalText.Of(SharedPackages())} or "
        + $"{TerminalText.Of(OwnPackages())}. Received: {TerminalText.Of(ErrorLine.InOneLine(received))}");
}
