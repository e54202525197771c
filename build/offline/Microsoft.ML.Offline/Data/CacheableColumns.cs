#nullable disable
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Data;

/// <summary>Leaves out columns whose values cannot be kept beyond a cursor's move, such as images.</summary>
internal static class CacheableColumns
{
    public static IDataView Select(IHostEnvironment env, IDataView source)
    {
        int[] kept = [.. source.Schema.Where(column => IsCacheable(column.Type)).Select(column => column.Index)];
        return kept.Length == source.Schema.Count ? source : new SelectedColumnsDataView(env.Register("ChooseColumns"), source, kept);
    }

    private static bool IsCacheable(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;
}
