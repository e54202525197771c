using Microsoft.ML;
using Microsoft.ML.Data;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(MulticlassPredictionTransformer),
    null,
    typeof(SignatureLoadModel),
    "",
    MulticlassPredictionTransformer.LoaderSignature)]
