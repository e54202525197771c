using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.MLNet;

/// <summary>The environment that a catalog belongs to, which ML.NET tells by an internal interface only.</summary>
internal static class CatalogEnvironment
{
    private const string InterfaceName = "Microsoft.ML.Data.IInternalCatalog";

    /// <summary>The environment of a catalog of <see cref="MLContext"/>.</summary>
    public static IHostEnvironment Of(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        PropertyInfo? property = catalog.GetType().GetInterface(InterfaceName)?.GetProperty("Environment");
        return property?.GetValue(catalog) as IHostEnvironment
            ?? throw new NotSupportedException(
                $"This version of ML.NET does not tell the environment of a catalog by {InterfaceName}. "
                + $"Received: {catalog.GetType().Assembly.FullName}.");
    }
}
