using System.Reflection;

namespace Microsoft.ML.ConvNet.Cli.Tests.Display;

[TestClass]
public sealed class ErrorLineTests
{
    [TestMethod]
    public void A_message_of_several_lines_becomes_one_and_the_name_of_the_parameter_goes()
    {
        ArgumentException error = new("The width is\n   wrong.\r\n", "width");
        Assert.AreEqual("The width is wrong.", ErrorLine.Of(error));
    }

    [TestMethod]
    public void An_exception_that_only_carries_another_is_passed_over()
    {
        Exception error = new TargetInvocationException(new AggregateException(new CommandException("This went wrong.")));
        Assert.AreEqual("This went wrong.", ErrorLine.Of(error));
    }

    [TestMethod]
    public void An_error_of_the_program_itself_tells_its_kind_and_how_to_see_more()
    {
        string line = ErrorLine.Of(new KeyNotFoundException("lost"));
        StringAssert.StartsWith(line, "KeyNotFoundException: lost (set CONVNET_ERROR_DETAILS=1");
    }
}
