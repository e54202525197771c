namespace Microsoft.ML.ConvNet;

/// <summary>Which way up the images of image files are, of which cameras say in the file's EXIF data how they were held.</summary>
public enum ImageOrientation
{
    /// <summary>As the file stores them, whatever it says, which is what LoadImages gives.</summary>
    AsStored,

    /// <summary>Turned and mirrored as the file's EXIF data say, which is what viewers of pictures show.</summary>
    Upright,
}
