using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.MLNet;

/// <summary>Constructors of public ML.NET types that are not public, though every author of an estimator needs them.</summary>
internal static class MLNetConstructors
{
    /// <summary>Describes a column.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern SchemaShape.Column NewColumn(
        string name, SchemaShape.Column.VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape? annotations);

    /// <summary>Describes a trainer.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern TrainerInfo NewTrainerInfo(
        bool normalization, bool calibration, bool caching, bool supportValid, bool supportIncrementalTrain, bool supportTest);
}
