using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImageLoadingTransformer), null, typeof(SignatureLoadModel), "", ImageLoadingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(ImageResizingTransformer), null, typeof(SignatureLoadModel), "", ImageResizingTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ImageGrayscalingTransformer), null, typeof(SignatureLoadModel), "", ImageGrayscalingTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ImagePixelExtractingTransformer), null, typeof(SignatureLoadModel), "", ImagePixelExtractingTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(VectorToImageConvertingTransformer), null, typeof(SignatureLoadModel), "", VectorToImageConvertingTransformer.LoaderSignature)]
