#nullable disable
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a prediction engine binds its row classes.</summary>
public sealed class PredictionEngineOptions
{
    public bool IgnoreMissingColumns = true;
    public SchemaDefinition InputSchemaDefinition;
    public SchemaDefinition OutputSchemaDefinition;
    public bool OwnsTransformer = true;
}
