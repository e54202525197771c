using Microsoft.ML.ConvNet.Cli.Display;

namespace Microsoft.ML.ConvNet.Cli.Tests.Display;

[TestClass]
public sealed class TextPictureTests
{
    [TestMethod]
    public void Images_stand_side_by_side_under_their_captions_and_a_character_shows_two_rows()
    {
        float[] left = [1, 1, 0, 0, 1, 0, 0, 1, 1];
        float[] right = [1, 1, 1, 1, 1, 1, 0, 0, 1];
        string text = TextPicture.Draw([(left, "seven"), (right, "b")], 3, 3);
        Assert.AreEqual("sev  b\n+@   @@@\n @@    @\n", text);
    }
}
