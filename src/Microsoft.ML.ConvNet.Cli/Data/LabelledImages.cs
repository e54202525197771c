using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>Images and the class of each, as rows for a pipeline.</summary>
internal abstract class LabelledImages
{
    /// <summary>The number of images.</summary>
    public abstract int Count { get; }

    /// <summary>The names of the classes.</summary>
    public abstract IReadOnlyList<string> ClassNames { get; }

    /// <summary>The position of an image's class in <see cref="ClassNames"/>.</summary>
    public abstract int ClassOf(int index);

    /// <summary>What one image is, for people: its size, or that sizes differ.</summary>
    public abstract string DescribeImages();

    /// <summary>The shape <c>[H, W, C]</c> in which a network reads these images.</summary>
    /// <param name="preferred">The shape that the network is at its best with, for images that must be resized anyway.</param>
    public abstract Shape InputShape(Shape preferred);

    /// <summary>Some of the images.</summary>
    public abstract LabelledImages Subset(IReadOnlyList<int> indices);

    /// <summary>At most so many of the images, spread evenly over all.</summary>
    public LabelledImages Spread(int count) =>
        Count <= count ? this : Subset([.. Enumerable.Range(0, count).Select(i => (int)((long)i * Count / count))]);

    /// <summary>
    /// Divides the images at random into a larger and a smaller part with the same share of every class, as far as whole numbers allow, and one
    /// of each at least.
    /// </summary>
    /// <param name="fraction">The share that is held out, over 0 and under 1.</param>
    /// <param name="seed">The same seed divides the same way.</param>
    public (LabelledImages Kept, LabelledImages HeldOut) Divide(double fraction, int seed)
    {
        int[] labels = [.. Enumerable.Range(0, Count).Select(ClassOf)];
        StratifiedDivision division = StratifiedDivision.Of(labels, fraction, unchecked((uint)seed), leastOfClass: 1);
        return (Subset(division.Kept), Subset(division.HeldOut));
    }

    /// <summary>The rows: a text column <see cref="ColumnNames.Label"/> and the columns that the preparation reads.</summary>
    public abstract IDataView ToDataView(MLContext context);

    /// <summary>The first steps of a pipeline: the label as a key, and the column <see cref="ColumnNames.Image"/>.</summary>
    /// <param name="context">The context.</param>
    /// <param name="input">The shape in which the network reads the images.</param>
    public abstract IEstimator<ITransformer> Preparation(MLContext context, Shape input);

    /// <summary>Further steps that make a flat vector of floats from 0 to 1 of the image, for ML.NET's linear trainer.</summary>
    /// <returns>The name of the column, and the steps; null where the image is such a vector already.</returns>
    public abstract (string Column, IEstimator<ITransformer>? Steps) FlatFeatures(MLContext context);

    /// <summary>The columns that a saved model reads.</summary>
    public abstract DataViewSchema SavedSchema(MLContext context);

    /// <summary>The model to save, which has the columns of <see cref="SavedSchema"/>, for one that was fitted to these rows.</summary>
    public abstract ITransformer ToSave(MLContext context, ITransformer model);

    /// <summary>The same images, of which transparent ones are put on white, for steps that take no notice of what is transparent.</summary>
    public abstract LabelledImages OnWhite();

    /// <summary>The step that makes keys of the names of classes, in the order of <see cref="ClassNames"/>.</summary>
    public IEstimator<ITransformer> LabelAsKey(MLContext context)
    {
        IDataView keys = context.Data.LoadFromEnumerable(ClassNames.Select(name => new ClassNameRow { Name = name }));
        return context.Transforms.Conversion.MapValueToKey(ColumnNames.Label, ColumnNames.Label, keyData: keys);
    }

    private sealed class ClassNameRow
    {
        public string Name { get; set; } = string.Empty;
    }
}
