using Mono.Cecil;

namespace Microsoft.ML.ConvNet.Core.Tests.Floors;

/// <summary>The namespaces of a compiled assembly under a root as layers: what reaches where it should not, and what goes in circles.</summary>
internal sealed class AssemblyLayers : IDisposable
{
    private readonly ModuleDefinition _module;
    private readonly string _root;

    public AssemblyLayers(string assembly, string root)
    {
        _module = ModuleDefinition.ReadModule(assembly);
        _root = root + ".";
    }

    public IEnumerable<string> References => _module.AssemblyReferences.Select(reference => reference.Name);

    public void Dispose() => _module.Dispose();

    /// <summary>
    /// Where a type uses a layer that its own may not use. <paramref name="allowed"/> says for each layer, by the first part of its
    /// namespace after the root ("" for the root itself), the layers it may use, or single types of them ("Tensors.Shape").
    /// </summary>
    public string[] Violations(IReadOnlyDictionary<string, string[]> allowed)
    {
        List<string> violations = [];
        foreach ((TypeDefinition type, string layer, TypeReference used, string other) in Uses())
        {
            if (!allowed.TryGetValue(layer, out string[]? beneath))
            {
                violations.Add($"{type.FullName} is in a layer that has no place");
            }
            else if (other != layer && !beneath.Contains(other) && !beneath.Contains(Named(other, used)))
            {
                violations.Add($"{Named(layer, type)} uses {Named(other, used)}");
            }
        }

        return [.. violations.Distinct()];
    }

    /// <summary>The layers that use one another, directly or by way of others. <paramref name="elsewhere"/> counts single types as another layer's.</summary>
    public string[] Circles(IReadOnlyDictionary<string, string> elsewhere)
    {
        string Layer(string layer, TypeReference type) => elsewhere.GetValueOrDefault(Named(layer, type), layer);
        ILookup<string, string> uses = Uses()
            .Select(use => (From: Layer(use.Layer, use.Type), To: Layer(use.Other, use.Used)))
            .Where(use => use.From != use.To && use.From.Length > 0 && use.To.Length > 0)
            .Distinct().ToLookup(use => use.From, use => use.To);
        return [.. uses.Select(use => use.Key).Where(layer => Reached(layer, uses).Contains(layer))];
    }

    private IEnumerable<(TypeDefinition Type, string Layer, TypeReference Used, string Other)> Uses() =>
        from type in TypeUses.Types(_module)
        where IsUnderRoot(type)
        from used in TypeUses.Of(type).Select(TypeUses.Outermost).Prepend(type).Distinct()
        where used.Scope == type.Scope && IsUnderRoot(used)
        select (type, Layer(type), used, Layer(used));

    private bool IsUnderRoot(TypeReference type) => $"{type.Namespace}.".StartsWith(_root, StringComparison.Ordinal);

    private string Layer(TypeReference type) => $"{type.Namespace}."[_root.Length..].Split('.')[0];

    private static string Named(string layer, TypeReference type) => layer.Length == 0 ? type.Name : $"{layer}.{type.Name}";

    private static HashSet<string> Reached(string layer, ILookup<string, string> uses)
    {
        HashSet<string> reached = [];
        Stack<string> open = new(uses[layer]);
        while (open.TryPop(out string? next))
        {
            if (reached.Add(next))
            {
                uses[next].ToList().ForEach(open.Push);
            }
        }

        return reached;
    }
}
