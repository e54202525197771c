using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;

namespace Microsoft.ML.ConvNet;

/// <content>The options.</content>
public sealed partial class ConvNetFineTuningTrainer
{
    /// <summary>
    /// What the trainer can be told. Options that ImageClassificationTrainer of Microsoft.ML.Vision has, too, are called as there; docs/MIGRATION.md has the two
    /// side by side.
    /// </summary>
    public sealed class Options
    {
        /// <summary>The column of the classes: a key column as MapValueToKey makes it, or one of values that are the classes.</summary>
        public string LabelColumnName { get; set; } = "Label";

        /// <summary>
        /// The column of what each row counts, a number of at least 0, for head, network and the choice of the best epoch; all rows count alike where not given.
        /// </summary>
        public string? ExampleWeightColumnName { get; set; }

        /// <summary>The column of the images.</summary>
        public string FeatureColumnName { get; set; } = "Features";

        /// <summary>The name of the column that receives the probabilities.</summary>
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>The name of the key column that receives the class with the highest score.</summary>
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>The trained network to begin with. It is needed until the trainer was fitted, and stays as it is.</summary>
        public PretrainedModel? BaseModel { get; set; }

        /// <summary>
        /// The layer behind which the new classifier is put; what stands before the network's own (<see cref="PretrainedModel.FeatureLayer"/>) where not given.
        /// </summary>
        public string? Layer { get; set; }

        /// <summary>The height to which images are brought; that of the base model where not given. Smaller images take less time, and give less.</summary>
        public int? ImageHeight { get; set; }

        /// <summary>The width to which images are brought; that of the base model where not given.</summary>
        public int? ImageWidth { get; set; }

        /// <summary>How images of another size are brought to that of the network, in training and when the model scores; as the base model says where not given.</summary>
        public ImageResizing? Resizing { get; set; }

        /// <summary>Which way up images are of which the column holds the files, in training and when the model scores; as they are stored where not given.</summary>
        public ImageOrientation ImageOrientation { get; set; }

        /// <summary>
        /// Whether the predicted label is the class's name, as a text; else it is a key of the label's type, which Evaluate of ML.NET takes and MapKeyToValue
        /// gives the value of.
        /// </summary>
        public bool PredictedLabelAsText { get; set; }

        /// <summary>As what the weights of the model are written to a file (<see cref="ConvNetTransformer.WeightStorage"/>); 32-bit floats where not given.</summary>
        public WeightStorage WeightStorage { get; set; }

        /// <summary>The number of images of a step, of head and network; 32 where not given.</summary>
        public int BatchSize { get; set; } = 32;

        /// <summary>How many batches make one step of the network, in the memory of one; 1 where not given.</summary>
        public int AccumulatedBatches { get; set; } = 1;

        /// <summary>How often the head is trained on the features of every image, which takes a moment each time; 100 where not given.</summary>
        public int Epoch { get; set; } = 100;

        /// <summary>The learning rate of the head; 0.003 where not given.</summary>
        public float LearningRate { get; set; } = 0.003f;

        /// <summary>
        /// How the learning rates of head and network change; where not given, both fall to zero along half a cosine, that of the network after a rise over
        /// its first twentieth.
        /// </summary>
        public LearningRateSchedule? LearningRateScheduler { get; set; }

        /// <summary>
        /// How often the network is trained, with its head, on every image; 0 trains the head alone, as ImageClassificationTrainer does; 6 where not given.
        /// Its learning rate, accumulated batches, augmentation, mixing, frozen layers, unfreezing, <see cref="Callbacks"/> and checkpoints are those of these
        /// epochs: with 0 they are refused.
        /// </summary>
        public int FineTuningEpoch { get; set; } = 6;

        /// <summary>The learning rate of the network, of its last layers; a tenth of <see cref="LearningRate"/> where not given.</summary>
        public float? FineTuningLearningRate { get; set; }

        /// <summary>
        /// How the weights of head and network follow the gradient; where not given, AdamW with <see cref="HeadWeightDecay"/> and <see cref="WeightDecay"/>.
        /// </summary>
        public Optimizer? Optimizer { get; set; }

        /// <summary>
        /// The decay of the head's weights by the optimizer, where none is given; 3 where not given: features are often more than the images, and a head that may
        /// grow learns these by heart.
        /// </summary>
        public float HeadWeightDecay { get; set; } = 3;

        /// <summary>The decay of the network's weights by the optimizer, where none is given; 0.05 where not given.</summary>
        public float WeightDecay { get; set; } = 0.05f;

        /// <summary>
        /// Into how many parts of as many layers the network is divided, each of which learns at <see cref="DepthFactor"/> times the rate of the part behind it
        /// (<see cref="ParameterGroup.ByDepth"/>); 3 where not given, and 1 for one rate.
        /// </summary>
        public int DepthParts { get; set; } = 3;

        /// <summary>What the rate of a part of the network is multiplied by to give that of the part before it; 1 / 2.6 where not given.</summary>
        public float DepthFactor { get; set; } = 1 / 2.6f;

        /// <summary>
        /// The names, or patterns of names (<c>*</c> stands for any characters, <c>?</c> for one), of layers of the base model that keep their weights;
        /// <see cref="Networks.Network.LayersUpTo"/> names all up to a depth. None where not given.
        /// </summary>
        public IReadOnlyCollection<string> FrozenLayers { get; set; } = [];

        /// <summary>
        /// Layers of the base model, by name or pattern, that keep their weights until an epoch of the network's training (gradual unfreezing; Howard and Ruder,
        /// 2018); none where not given, and all are trained from the first.
        /// </summary>
        public IReadOnlyList<UnfreezingStage> UnfreezingStages { get; set; } = [];

        /// <summary>
        /// Whether batch normalisation is trained with the network; false where not given: it keeps its scales, shifts and statistics, which few images would
        /// spoil.
        /// </summary>
        public bool TrainBatchNormalization { get; set; }

        /// <summary>What is made small, by head and network; <see cref="SoftmaxCrossEntropy"/> with <see cref="LabelSmoothing"/> where not given.</summary>
        public ClassLoss? Loss { get; set; }

        /// <summary>
        /// The share of the target that is spread evenly over all classes, from 0, which it is where not given, to less than 1; a <see cref="Loss"/> has its own.
        /// </summary>
        public float LabelSmoothing { get; set; }

        /// <summary>
        /// What the rows of each class count, for classes of which some have far fewer rows than others: <see cref="ClassWeighting.Balanced"/>, or by name; all
        /// count alike where not given. It is so for head and network; see <see cref="ConvNetClassificationOptions.ClassWeights"/>.
        /// </summary>
        public ClassWeighting? ClassWeights { get; set; }

        /// <summary>The greatest length of the gradient, of head and network: a longer one is shortened to it. More than 0, and no limit where not given.</summary>
        public float? ClipGradientNorm { get; set; }

        /// <summary>
        /// The greatest absolute value of an element of the gradient, of head and network: larger ones are set to it. More than 0, and no limit where not given.
        /// </summary>
        public float? ClipGradientValue { get; set; }

        /// <summary>
        /// What is done to the images at random, anew in each epoch, while the network is trained. The head is trained before on the features of images as they
        /// are. Nothing where not given.
        /// </summary>
        public ImageAugmentation? Augmentation { get; set; }

        /// <summary>
        /// The parameter of mixup, while the network is trained: each training image becomes the mean of itself and another one, and its target that of both
        /// (<see cref="TrainingOptions.Mixup"/>). At least 0; 0, not at all, where not given; 0.1 to 0.4 is usual.
        /// </summary>
        public float Mixup { get; set; }

        /// <summary>
        /// The parameter of CutMix, while the network is trained: each training image gets a rectangle of another one, and the target of both by their areas
        /// (<see cref="TrainingOptions.CutMix"/>). At least 0; 0, not at all, where not given; 1 is usual.
        /// </summary>
        public float CutMix { get; set; }

        /// <summary>When the training of head or network ends before its last epoch, such as <c>new EarlyStopping(patience: 20)</c>; never where not given.</summary>
        public EarlyStopping? EarlyStoppingCriteria { get; set; }

        /// <summary>Told where the training is: after each batch and epoch, and while features are computed; by the thread that trains.</summary>
        public Action<FineTuningMetrics>? MetricsCallback { get; set; }

        /// <summary>
        /// Rows with which each epoch's weights are judged; they have the same columns as the training rows. With them the weights of the best epoch are kept, by
        /// loss, else those of the last: of the head's epochs those that the network begins with, and of both those that the model has.
        /// Where no epoch of the network did better than the head alone, these are the base model's, with the trained head.
        /// </summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>The share of the training rows, between 0 and 1, that is kept out of training and used for validation; none where not given.</summary>
        public float? ValidationSetFraction { get; set; }

        /// <summary>Whether the trained network is judged on its training images at the end, for the log and <see cref="MetricsCallback"/>; false where not given.</summary>
        public bool TestOnTrainSet { get; set; }

        /// <summary>A folder into which features are written, for another training to begin with; it is made where it is not there. None where not given.</summary>
        public string? WorkspacePath { get; set; }

        /// <summary>
        /// Whether the features of the training images are read from <see cref="WorkspacePath"/> where they are there. They are those of the same images in the
        /// same order, layers and weights, or are computed anew: the file says what they are of.
        /// </summary>
        public bool ReuseTrainSetBottleneckCachedValues { get; set; }

        /// <summary>Whether the features of the validation images are read from <see cref="WorkspacePath"/> where they are there.</summary>
        public bool ReuseValidationSetBottleneckCachedValues { get; set; }

        /// <summary>The name of the file of the training images' features.</summary>
        public string TrainSetBottleneckCachedValuesFileName { get; set; } = "trainSetBottleneckFile.safetensors";

        /// <summary>The name of the file of the validation images' features.</summary>
        public string ValidationSetBottleneckCachedValuesFileName { get; set; } = "validationSetBottleneckFile.safetensors";

        /// <summary>
        /// What else is told how the training of the network goes, and may change how it goes on (<see cref="Training.Callbacks"/>), such as a
        /// <see cref="WeightAverage"/>.
        /// </summary>
        public IReadOnlyList<TrainingCallback> Callbacks { get; set; } = [];

        /// <summary>
        /// A folder into which the state of the network's training is saved after each epoch, and where it is cancelled, so that it can be gone on with by
        /// <see cref="Resume"/>. None where not given.
        /// </summary>
        public string? CheckpointFolder { get; set; }

        /// <summary>
        /// Whether the network's training goes on from the newest state in <see cref="CheckpointFolder"/>, where there is one: the model then has the bits of one
        /// that was never stopped. The head is trained anew before, to the same bits; a state of another base model, or of other options of the head, is refused.
        /// </summary>
        public bool Resume { get; set; }

        /// <summary>
        /// The most bytes of memory that the images of training and validation rows may take together; <see cref="ConvNetTrainingOptions.UsualCacheBudget"/>
        /// where not given. Those that find no room are kept in a temporary file (<see cref="ConvNetTrainingOptions.CacheBudget"/>).
        /// </summary>
        public long CacheBudget { get; set; } = ConvNetTrainingOptions.UsualCacheBudget;

        /// <summary>
        /// Whether rows whose image is missing or cannot be read are left out, counted and named in a warning
        /// (<see cref="ConvNetTrainingOptions.SkipUnreadableImages"/>); else, as where not given, the first is an error.
        /// </summary>
        public bool SkipUnreadableImages { get; set; }

        /// <summary>The most threads to use; 0 for one a core. What is learnt does not depend on it.</summary>
        public int NumberOfThreads { get; set; }

        /// <summary>
        /// The seed of initial weights, order and augmentation; drawn from the <see cref="MLContext"/>'s random numbers where not given, but 0 where there is a
        /// <see cref="CheckpointFolder"/>.
        /// </summary>
        public int? Seed { get; set; }

        /// <summary>
        /// Ends training before the next batch. The model then has the best weights so far; where no batch of the head was finished, an
        /// <see cref="OperationCanceledException"/> is thrown.
        /// </summary>
        public CancellationToken CancellationToken { get; set; }

        /// <summary>A copy, which later changes of this do not reach.</summary>
        internal Options Clone() => (Options)MemberwiseClone();
    }
}
