#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>
/// Learns a linear classifier with softmax probabilities (maximum entropy, multinomial logistic regression) by L-BFGS, with L1
/// and L2 penalties on the weights but not on the biases.
/// </summary>
public sealed class LbfgsMaximumEntropyMulticlassTrainer
    : TrainerEstimatorBase<MulticlassPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters>
{
    private readonly Options _options;

    internal LbfgsMaximumEntropyMulticlassTrainer(IHostEnvironment env, Options options)
        : base(
            env.Register(nameof(LbfgsMaximumEntropyMulticlassTrainer)),
            new SchemaShape.Column(
                options.FeatureColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false),
            new SchemaShape.Column(
                options.LabelColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true),
            options.ExampleWeightColumnName is null
                ? default
                : new SchemaShape.Column(
                    options.ExampleWeightColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false))
    {
        Check(options.L2Regularization >= 0, nameof(options.L2Regularization), "Must be non-negative", options.L2Regularization);
        Check(options.L1Regularization >= 0, nameof(options.L1Regularization), "Must be non-negative", options.L1Regularization);
        Check(options.OptimizationTolerance > 0, nameof(options.OptimizationTolerance), "Must be positive", options.OptimizationTolerance);
        Check(options.HistorySize > 0, nameof(options.HistorySize), "Must be positive", options.HistorySize);
        Check(
            options.MaximumNumberOfIterations > 0,
            nameof(options.MaximumNumberOfIterations),
            "Must be positive",
            options.MaximumNumberOfIterations);
        _options = options;
    }

    public override TrainerInfo Info { get; } = new(caching: true, supportIncrementalTrain: true);

    private protected override IEnumerable<SchemaShape.Column> GetOutputColumns(SchemaShape inputSchema)
    {
        inputSchema.TryFindColumn(LabelColumn.Name, out SchemaShape.Column label);
        var keyValues = new SchemaShape(label.Annotations
            .Where(annotation => annotation.Name == AnnotationUtils.Kinds.KeyValues)
            .Concat(AnnotationUtils.GetTrainerOutputAnnotation()));
        return
        [
            new SchemaShape.Column(
                DefaultColumnNames.Score,
                SchemaShape.Column.VectorKind.Vector,
                NumberDataViewType.Single,
                false,
                new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label))),
            new SchemaShape.Column(
                DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, keyValues),
        ];
    }

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> Train(IDataView input)
    {
        DataViewSchema.Column label = input.Schema[LabelColumn.Name];
        DataViewSchema.Column features = input.Schema[FeatureColumn.Name];
        DataViewSchema.Column? weight = WeightColumn.IsValid ? input.Schema[WeightColumn.Name] : null;
        int classCount = ((KeyDataViewType)label.Type).GetCountAsInt32();
        using IChannel channel = Host.Start("Training");
        TrainingMatrix matrix = TrainingMatrix.Read(Host, input, features, label, weight);
        if (matrix.SkippedRowCount > 0)
        {
            channel.Warning(
                MessageSensitivity.None,
                "Skipped {0} instances with missing features/label/weight during training",
                matrix.SkippedRowCount);
        }

        if (classCount == 1)
        {
            channel.Warning(MessageSensitivity.None, "Training resulted in a one class predictor");
        }

        double[] parameters = Optimize(channel, matrix, classCount);
        float[] biases = Array.ConvertAll(parameters[..classCount], value => (float)value);
        float[] weights = Array.ConvertAll(parameters[classCount..], value => (float)value);
        var model = new MaximumEntropyModelParameters(biases, weights);
        return new MulticlassPredictionTransformer<MaximumEntropyModelParameters>(
            Host, model, FeatureColumn.Name, features.Type, label.Annotations);
    }

    private double[] Optimize(IChannel channel, TrainingMatrix matrix, int classCount)
    {
        int dimension = checked(classCount * (1 + matrix.FeatureCount));
        bool isPenalized = _options.L1Regularization > 0;
        var optimizer = new LbfgsOptimizer
        {
            HistorySize = _options.HistorySize,
            Tolerance = _options.OptimizationTolerance,
            MaximumNumberOfIterations = _options.MaximumNumberOfIterations,
            L1Weight = _options.L1Regularization / (double)matrix.RowCount,
            FirstPenalized = classCount,

            // As in ML.NET: with an L1 penalty the biases may be negative, without one they may not.
            FirstNonNegative = !_options.EnforceNonNegativity ? dimension : isPenalized ? classCount : 0,
        };
        var objective = new MaximumEntropyObjective(matrix, classCount, _options.L2Regularization);
        double[] parameters = optimizer.Minimize(objective.Evaluate, Start(dimension));
        channel.Trace(MessageSensitivity.None, "L-BFGS took {0} iterations", optimizer.Iterations);
        if (isPenalized && !_options.Quiet)
        {
            int selected = classCount + parameters.Skip(classCount).Count(value => value != 0);
            channel.Info(MessageSensitivity.None, "L1 regularization selected {0} of {1} weights.", selected, dimension);
        }

        return parameters;
    }

    private double[] Start(int dimension)
    {
        var start = new double[dimension];
        if (_options.InitialWeightsDiameter > 0)
        {
            for (int i = 0; i < dimension; i++)
            {
                start[i] = _options.InitialWeightsDiameter * (Host.Rand.NextSingle() - 0.5);
            }
        }

        return start;
    }

    private void Check(bool condition, string name, string wanted, double received) =>
        Host.CheckParam(condition, name, $"{wanted}. Received: {received}");

    /// <summary>Options of <see cref="LbfgsMaximumEntropyMulticlassTrainer"/>.</summary>
    public sealed class Options : TrainerInputBaseWithWeight
    {
        /// <summary>L2 regularization weight.</summary>
        public float L2Regularization = Defaults.L2Regularization;

        /// <summary>L1 regularization weight.</summary>
        public float L1Regularization = Defaults.L1Regularization;

        /// <summary>The mean improvement of the loss at which the search ends.</summary>
        public float OptimizationTolerance = Defaults.OptimizationTolerance;

        /// <summary>How many past steps model the curvature.</summary>
        public int HistorySize = Defaults.HistorySize;

        /// <summary>The search ends after so many iterations at the latest.</summary>
        public int MaximumNumberOfIterations = Defaults.MaximumNumberOfIterations;

        /// <summary>Whether to say less during training.</summary>
        public bool Quiet;

        /// <summary>The initial parameters are drawn from an interval of this width around 0.</summary>
        public float InitialWeightsDiameter;

        /// <summary>Whether weights must not be negative.</summary>
        public bool EnforceNonNegativity = Defaults.EnforceNonNegativity;

        internal static class Defaults
        {
            public const float L2Regularization = 1;
            public const float L1Regularization = 1;
            public const float OptimizationTolerance = 1e-7f;
            public const int HistorySize = 20;
            public const int MaximumNumberOfIterations = int.MaxValue;
            public const bool EnforceNonNegativity = false;
        }
    }
}
