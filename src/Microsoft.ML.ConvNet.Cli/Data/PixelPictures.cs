using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// Images whose pixels are at hand, as pictures that a step of the pipeline resizes: for a network that wants another size than they have. A
/// model that was trained on them reads image files.
/// </summary>
/// <param name="images">The images, grey or coloured.</param>
internal sealed class PixelPictures(PixelImages images) : LabelledImages
{
    public override int Count => images.Count;

    public override IReadOnlyList<string> ClassNames => images.ClassNames;

    public override int ClassOf(int index) => images.ClassOf(index);

    public override string DescribeImages() => images.DescribeImages();

    public override Shape InputShape(Shape preferred) => preferred;

    public override LabelledImages Subset(IReadOnlyList<int> indices) => new PixelPictures((PixelImages)images.Subset(indices));

    public override LabelledImages OnWhite() => this;

    public override IDataView ToDataView(MLContext context) => DecodedFiles.ToDataView(context, Rows());

    public override IEstimator<ITransformer> Preparation(MLContext context, Shape input) => ImageFiles.Resizing(context, LabelAsKey(context), input);

    public override (string Column, IEstimator<ITransformer>? Steps) FlatFeatures(MLContext context) => images.FlatFeatures(context);

    public override DataViewSchema SavedSchema(MLContext context) => ImageFiles.FileSchema(context);

    public override ITransformer ToSave(MLContext context, ITransformer model) => ImageFiles.WithReading(context, model);

    private IEnumerable<DecodedFiles.Row> Rows()
    {
        for (int i = 0; i < Count; i++)
        {
            using MLImage image = images.Picture(i);
            yield return new DecodedFiles.Row { Number = i, Label = ClassNames[ClassOf(i)], Image = image };
        }
    }
}
