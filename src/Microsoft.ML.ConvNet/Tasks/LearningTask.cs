using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>What is known of a <see cref="PredictionTask"/> before there is a label column with its classes.</summary>
internal abstract class LearningTask
{
    /// <summary>Throws where the shape of the label column, which is all that is known before a pipeline is fitted, will not do.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="label">The column.</param>
    /// <param name="text">What it is, for an error.</param>
    /// <exception cref="ArgumentOutOfRangeException">It will not.</exception>
    public abstract void CheckShape(IExceptionContext context, SchemaShape.Column label, string text);

    /// <summary>The shape of a schema with the columns of predictions, for a label column of which only the shape is known.</summary>
    public abstract SchemaShape Append(SchemaShape input, SchemaShape.Column label, ScoringColumns columns);

    /// <summary>Reads off a label column what there is to be learnt.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="rows">The rows, whose labels are read where the type of the column does not say it.</param>
    /// <param name="label">The column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is of a type that will not do.</exception>
    public abstract PredictionTask Of(IExceptionContext context, IDataView rows, DataViewSchema.Column label);
}
