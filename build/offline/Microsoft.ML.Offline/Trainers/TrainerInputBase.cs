#nullable disable

using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Options of every trainer.</summary>
public abstract class TrainerInputBase
{
    /// <summary>Column to use for features.</summary>
    public string FeatureColumnName = DefaultColumnNames.Features;

    private protected TrainerInputBase()
    {
    }
}

/// <summary>Options of trainers that learn from labels.</summary>
public abstract class TrainerInputBaseWithLabel : TrainerInputBase
{
    /// <summary>Column to use for labels.</summary>
    public string LabelColumnName = DefaultColumnNames.Label;

    private protected TrainerInputBaseWithLabel()
    {
    }
}

/// <summary>Options of trainers whose examples can have weights.</summary>
public abstract class TrainerInputBaseWithWeight : TrainerInputBaseWithLabel
{
    /// <summary>Column to use for example weights, or null for none.</summary>
    public string ExampleWeightColumnName;

    private protected TrainerInputBaseWithWeight()
    {
    }
}
