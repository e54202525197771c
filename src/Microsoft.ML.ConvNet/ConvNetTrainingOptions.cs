using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// What a training of a convolutional network can be told, whatever it predicts: <see cref="ConvNetMulticlassTrainer.Options"/>,
/// <see cref="ConvNetEstimator.Options"/>, <see cref="ConvNetBinaryTrainer.Options"/>, <see cref="ConvNetRegressionTrainer.Options"/> and
/// <see cref="ConvNetMultiLabelTrainer.Options"/> add what is their own.
/// </summary>
public abstract class ConvNetTrainingOptions
{
    /// <summary>What <see cref="CacheBudget"/> is where not given: 512 MB.</summary>
    public const long UsualCacheBudget = 512L << 20;

    private protected ConvNetTrainingOptions()
    {
    }

    /// <summary>The column of the labels; what it holds follows from what is predicted, and is said by the trainer.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// The column of what each row counts in the training, numbers of <see cref="float"/> of at least 0; all count once where not given. The loss is
    /// the mean sum(w l) / sum(w) over the rows of a batch, and of an epoch, where w is this times the weight of the row's class
    /// (<see cref="ConvNetClassificationOptions.ClassWeights"/>): what counts is how the weights of rows are to one another. Validation rows are weighted alike; accuracies count rows.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// The network. Its input shape must fit the images and its outputs the classes; where these are logits, a softmax is added (see
    /// <see cref="ConvNetClassificationOptions.Outputs"/>). Give this, <see cref="NetworkBuilder"/> or <see cref="Architecture"/>.
    /// </summary>
    public Network? Network { get; set; }

    /// <summary>
    /// Writes the network for the input, of the shape that the images have, and the number of classes:
    /// <c>(input, classes) => input.Conv(32, 3).Relu().MaxPool(2).Flatten().Dense(classes).Softmax()</c>.
    /// </summary>
    public Func<SymbolicTensor, int, SymbolicTensor>? NetworkBuilder { get; set; }

    /// <summary>
    /// The name of an architecture, such as lenet5, or layers in one line, such as <c>conv3-32 relu pool2 fc500 relu fc</c> (see
    /// <see cref="Networks.Notation.NetworkNotation"/>); it is built for the images' shape and the number of classes. What is not set here of
    /// <see cref="BatchSize"/>, <see cref="Epoch"/>, <see cref="LearningRate"/> and <see cref="Optimizer"/> is as its recipe says.
    /// </summary>
    public string? Architecture { get; set; }

    /// <summary>
    /// How many times as many channels as published the layers of the <see cref="Architecture"/> have, over 0 and at most 64; 1 where not given. Layers in one
    /// line have the widths that are written.
    /// </summary>
    public double Width { get; set; } = 1;

    /// <summary>
    /// Weights to begin with, such as those of an imported network or of an earlier training: each parameter of the network that has the
    /// name and the shape of one of these begins as that one, the others as usual. They are copied; at least one must fit.
    /// </summary>
    public Weights? InitialWeights { get; set; }

    /// <summary>The number of images of a step; where not given, 64 or what the architecture's recipe says.</summary>
    public int? BatchSize { get; set; }

    /// <summary>
    /// The number of batches whose gradients make one step, 1 where not given: 8 batches of 32 images train as one of 256 does, but for batch
    /// normalisation, in the memory of one of 32.
    /// </summary>
    public int AccumulatedBatches { get; set; } = 1;

    /// <summary>How often every image is taken; where not given, 10 or what the architecture's recipe says, which takes few images more often.</summary>
    public int? Epoch { get; set; }

    /// <summary>The learning rate, in place of the optimizer's or the recipe's.</summary>
    public float? LearningRate { get; set; }

    /// <summary>
    /// How the learning rate changes in the course of the training; where not given, it falls to zero along half a cosine
    /// (<see cref="CosineDecay"/>). <see cref="ConstantLearningRate"/> keeps it as it is.
    /// </summary>
    public LearningRateSchedule? LearningRateSchedule { get; set; }

    /// <summary>How the weights follow the gradient; where not given, Adam or what the architecture's recipe says.</summary>
    public Optimizer? Optimizer { get; set; }

    /// <summary>
    /// The weight decay, in place of the optimizer's or the recipe's: added to the gradient, or, by <see cref="AdamW"/> and <see cref="Lion"/>, taken
    /// off the weights beside the step. At least 0.
    /// </summary>
    public float? WeightDecay { get; set; }

    /// <summary>The factor of the weights' signs that is added to their gradient (L1), in place of the optimizer's; at least 0.</summary>
    public float? L1Decay { get; set; }

    /// <summary>
    /// Layers that learn at a rate of their own, with a weight decay of their own, or not at all, by their names or patterns of them. The first
    /// group that names a layer counts for it; none where not given.
    /// </summary>
    public IReadOnlyList<ParameterGroup> ParameterGroups { get; set; } = [];

    /// <summary>
    /// How auxiliary outputs of the network are trained, where that is not by the loss of its own output and the weights that it has for them, such as
    /// <c>[new HeadLoss("aux*") { Weight = 0.1f }]</c>. The training loss is the sum of all; what scores, and what validation measures, is the
    /// network's own output alone.
    /// </summary>
    public IReadOnlyList<HeadLoss> HeadLosses { get; set; } = [];

    /// <summary>
    /// Told how training goes after each batch and, with <see cref="TrainingProgress.CompletedEpoch"/>, after each epoch, by the thread
    /// that trains.
    /// </summary>
    public Action<TrainingProgress>? MetricsCallback { get; set; }

    /// <summary>
    /// What else is told how the training goes, and may change how it goes on: averages of weights, plateaus, gradual unfreezing, logs as tables,
    /// lines of JSON or for TensorBoard (<see cref="Training.Callbacks"/>). One object serves one training at a time.
    /// </summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; set; } = [];

    /// <summary>
    /// A folder into which the state of the training is saved after each epoch, and where it is cancelled, so that it can be gone on with by
    /// <see cref="Resume"/> (<see cref="CheckpointSaving"/> among the <see cref="Callbacks"/> says more, such as how often). One folder is for one
    /// training: one that has states already is refused where <see cref="Resume"/> does not say to go on. None where not given.
    /// </summary>
    public string? CheckpointFolder { get; set; }

    /// <summary>
    /// Whether the training goes on from the newest state in <see cref="CheckpointFolder"/>, where there is one: the model then has the bits
    /// of one that was never stopped. Rows and options must be those of the beginning; more epochs may be asked for where the schedule has the same
    /// rates for the steps before, as <see cref="ConstantLearningRate"/> has.
    /// </summary>
    public bool Resume { get; set; }

    /// <summary>
    /// Rows with which each epoch's weights are judged; they have the same columns as the training rows. With them the weights of the best
    /// epoch are kept, else those of the epoch with the lowest training loss.
    /// </summary>
    public IDataView? ValidationSet { get; set; }

    /// <summary>
    /// The share of the training rows, between 0 and 1, that is kept out of training and used for validation; every class gives its
    /// share. None where not given.
    /// </summary>
    public float? ValidationSetFraction { get; set; }

    /// <summary>After how many epochs without a better one training ends; never where not given.</summary>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>
    /// Whether the model has the weights of the best epoch, rather than the last: by validation loss, or, without validation rows, by the
    /// training loss; true where not given.
    /// </summary>
    public bool KeepBest { get; set; } = true;

    /// <summary>
    /// Whether each epoch takes the images in a random order of its own; true where not given. Without, they come in the order of the rows.
    /// </summary>
    public bool Shuffle { get; set; } = true;

    /// <summary>
    /// The greatest length of the gradient over all weights: a longer one is shortened to it, which keeps a training from diverging (Pascanu
    /// et al., "On the difficulty of training recurrent neural networks", 2013); more than 0, and no limit where not given.
    /// </summary>
    public float? ClipGradientNorm { get; set; }

    /// <summary>
    /// The greatest absolute value of an element of the gradient, to which larger ones are set; more than 0, and no limit where not given. The
    /// length is limited afterwards.
    /// </summary>
    public float? ClipGradientValue { get; set; }

    /// <summary>
    /// The names, or patterns of names (<c>*</c> stands for any characters, <c>?</c> for one), of the network's layers whose weights stay as they are, such
    /// as those that begin with <see cref="InitialWeights"/>; <see cref="Networks.Network.LayersUpTo"/> names all up to a depth. None where not given. Layers
    /// that do not begin with them, and stay as random as they were drawn, are warned of by name.
    /// </summary>
    public IReadOnlyCollection<string> FrozenLayers { get; set; } = [];

    /// <summary>
    /// What is done to the training images at random, anew in each epoch: turns, moves, mirroring, light and more. Validation rows and what the
    /// model scores stay as they are, and so do the images by which <see cref="PixelOffsets"/> are measured. Pixels are augmented before they
    /// are normalised; those of a vector that were scaled need <see cref="ImageAugmentation.White"/>. Nothing where not given.
    /// </summary>
    public ImageAugmentation? Augmentation { get; set; }

    /// <summary>
    /// The parameter of mixup (Zhang et al., "mixup: beyond empirical risk minimization", 2018): each training image becomes the mean of itself and
    /// another one, and its target that of both, anew in each epoch. At least 0; 0, not at all, where not given; 0.1 to 0.4 is usual.
    /// </summary>
    /// <remarks>
    /// The loss and accuracy of training images are then those of mixed ones, and compare no longer with those of validation images, which are not
    /// mixed; see <see cref="TrainingOptions.Mixup"/>.
    /// </remarks>
    public float Mixup { get; set; }

    /// <summary>
    /// The parameter of CutMix (Yun et al., "CutMix: regularization strategy to train strong classifiers with localizable features", 2019): each
    /// training image gets a rectangle of another one, and the target of both by their areas. At least 0; 0, not at all, where not given; 1 is
    /// usual. With <see cref="Mixup"/>, too, every other image, at random, is mixed in one way, and the others in the other.
    /// </summary>
    /// <inheritdoc cref="Mixup" path="/remarks"/>
    public float CutMix { get; set; }

    /// <summary>
    /// What is subtracted from each pixel value before the network sees it: one number, or one a channel. Where neither this nor
    /// <see cref="PixelScales"/> is given, both are measured: the training images get mean 0 and standard deviation 1 in each channel
    /// (LeCun et al., "Efficient BackProp", 1998). They are stored with the model and applied when it scores.
    /// </summary>
    public IReadOnlyList<float>? PixelOffsets { get; set; }

    /// <summary>What the differences are multiplied by, such as 1 / 255: one number, or one a channel.</summary>
    public IReadOnlyList<float>? PixelScales { get; set; }

    /// <summary>The order of the values of a vector column whose type does not say it.</summary>
    public ImageLayout ImageLayout { get; set; }

    /// <summary>The order in which the network takes the colours of an image column; a vector's values are taken as they come.</summary>
    public ChannelOrder ChannelOrder { get; set; }

    /// <summary>What transparent pixels of an image column lie on, in training and when the model scores; white where not given.</summary>
    public ImageBackground ImageBackground { get; set; }

    /// <summary>
    /// How images of another size than the network's are brought to it, in training and when the model scores; where not given they are refused, with their
    /// row. With it the column may also hold the bytes of image files, vectors of <see cref="byte"/> of any length as LoadRawImageBytes reads them, of which
    /// <see cref="ImageHeight"/> and <see cref="ImageWidth"/> then say the size, unless the network does.
    /// </summary>
    public ImageResizing ImageResizing { get; set; }

    /// <summary>Which way up images are of which the column holds the files; as they are stored where not given.</summary>
    public ImageOrientation ImageOrientation { get; set; }

    /// <summary>
    /// The images' height, where the column's type does not say it and the network does not fix it. Where not given: of images that of the
    /// first one; of flat vectors that of the only image with so many values that has 1 or 3 channels and sides as 1:1, 4:3, 3:2 or 16:9, as
    /// 28 by 28 grey ones of 784, which is logged, and an error where there is not exactly one.
    /// </summary>
    public int? ImageHeight { get; set; }

    /// <summary>
    /// The images' width, where the column's type does not say it and the network does not fix it. Where not given: of images that of the
    /// first one; of flat vectors that of the only image with so many values that has 1 or 3 channels and sides as 1:1, 4:3, 3:2 or 16:9, as
    /// 28 by 28 grey ones of 784, which is logged, and an error where there is not exactly one.
    /// </summary>
    public int? ImageWidth { get; set; }

    /// <summary>
    /// Values a pixel, where the column's type does not say it and the network does not fix it; of an image column 1 (grey) or 3 (RGB,
    /// which is what it is where not given), of flat vectors as their height (<see cref="ImageHeight"/>).
    /// </summary>
    public int? ImageChannels { get; set; }

    /// <summary>
    /// The most threads to use; 0 for one a core. What is learnt does not depend on it. Rows are read by as many cursors at once where their source
    /// gives them, and images that are augmented and normalised by one thread more while the others learn from those before.
    /// </summary>
    public int NumberOfThreads { get; set; }

    /// <summary>
    /// The most bytes of memory that the images of training and validation rows may take together, decoded: a byte a value where they are images, or
    /// vectors of whole numbers from 0 to 255, else 4 bytes a value; 512 MB where not given. Rows are read once: those whose images find no room are kept
    /// in a temporary file in the folder that <see cref="Path.GetTempPath"/> names, which is deleted however the training ends, and read from there
    /// batch by batch. What is learnt does not depend on it.
    /// </summary>
    public long CacheBudget { get; set; } = UsualCacheBudget;

    /// <summary>As what the weights of the model are written to a file (<see cref="ConvNetTransformer.WeightStorage"/>); 32-bit floats where not given.</summary>
    public WeightStorage WeightStorage { get; set; }

    /// <summary>
    /// Whether rows whose image is missing, or cannot be read by the steps before the network, are left out, counted and, the first of them, named in a
    /// warning; else, as where not given, the first such row ends the training with an error that names it. What throws while a row's column is
    /// fetched can be left out, as LoadImages does for a missing or damaged file, and all steps that change images row by row behind it. What
    /// a step throws that goes through the rows itself, such as a cache or a filter behind LoadImages, ends the reading: put such steps before it.
    /// </summary>
    public bool SkipUnreadableImages { get; set; }

    /// <summary>
    /// The seed of initial weights, order and dropout; drawn from the <see cref="MLContext"/>'s random numbers where not given, but 0 where there
    /// is a <see cref="CheckpointFolder"/> or a <see cref="CheckpointSaving"/>, since a training is gone on with by the seed that it began with.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>
    /// Ends training before the next batch. The model then has the best weights so far; where no batch was finished, an
    /// <see cref="OperationCanceledException"/> is thrown.
    /// </summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Whether the network takes flat vectors as they are, where it is not said that they are images.</summary>
    internal bool TakesFlatVectors { get; set; }

    /// <summary>A copy, which later changes of this do not reach.</summary>
    internal ConvNetTrainingOptions Clone() => (ConvNetTrainingOptions)MemberwiseClone();
}
