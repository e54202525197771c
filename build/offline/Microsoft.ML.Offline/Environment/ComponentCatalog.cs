#nullable disable
using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The classes that a model file may name, found through assembly-level <see cref="LoadableClassAttribute"/>s.</summary>
public sealed class ComponentCatalog
{
    private readonly object _gate = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), LoadableClassAttribute> _classes = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_gate)
        {
            if (!_assemblies.Add(assembly.FullName))
            {
                return;
            }

            foreach (LoadableClassAttribute loadable in assembly.GetCustomAttributes<LoadableClassAttribute>())
            {
                Register(loadable, throwOnError);
            }

            RegisterTypes(assembly, throwOnError);
        }
    }

    /// <summary>Makes the class known under <paramref name="loaderSignature"/>, or gives null where none is.</summary>
    internal object CreateOrNull<TSignature>(IHostEnvironment env, string loaderSignature, params object[] arguments)
    {
        LoadableClassAttribute loadable;
        lock (_gate)
        {
            if (!_classes.TryGetValue((Normalize(loaderSignature), typeof(TSignature)), out loadable))
            {
                return null;
            }
        }

        return loadable.Create(env, arguments);
    }

    private static string Normalize(string name) => name.Trim().ToLowerInvariant();

    private void Register(LoadableClassAttribute loadable, bool throwOnError)
    {
        if (!loadable.CanCreate)
        {
            if (throwOnError)
            {
                throw new InvalidOperationException(
                    $"Can't instantiate loadable class '{loadable.InstanceType.Name}' with name '{loadable.LoadNames[0]}'");
            }

            return;
        }

        foreach (Type signature in loadable.SignatureTypes)
        {
            foreach (string name in loadable.LoadNames)
            {
                bool added = _classes.TryAdd((Normalize(name), signature), loadable);
                if (!added && throwOnError)
                {
                    throw new InvalidOperationException(
                        $"ComponentCatalog cannot map name '{name}' and SignatureType '{signature}' to {loadable.InstanceType.Name}, already mapped.");
                }
            }
        }
    }

    /// <summary>Custom mappings are named by attributes of their factory types: see <see cref="Transforms.CustomMappingFactoryAttributeAttribute"/>.</summary>
    private void RegisterTypes(Assembly assembly, bool throwOnError)
    {
        foreach (Type type in assembly.GetTypes())
        {
            foreach (var named in type.GetCustomAttributes<Transforms.CustomMappingFactoryAttributeAttribute>(inherit: false))
            {
                bool added = Extensions.TryAdd(named.ContractName, type);
                if (!added && throwOnError)
                {
                    throw new InvalidOperationException($"Duplicate contract name '{named.ContractName}' on {type.FullName}.");
                }
            }
        }
    }

    internal Dictionary<string, Type> Extensions { get; } = [];
}
