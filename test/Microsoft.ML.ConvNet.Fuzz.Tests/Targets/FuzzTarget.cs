namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>
/// Something of the product that takes inputs from outside, and how its inputs are made: input number n is the same on every machine. An input
/// is taken, or refused by one of the documented exceptions.
/// </summary>
internal abstract class FuzzTarget
{
    private const long Megabyte = 1 << 20;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new SafeTensorsTarget(),
        new NetworkJsonTarget(),
        new NotationTarget(),
        new ModelFileTarget(),
        new IdxTarget(),
        new CifarTarget(),
        new OnnxTarget(),
        new OnnxExternalDataTarget(),
        new ImageTarget(),
        new CheckpointTarget(),
        new RandomNetworkTarget(),
    ];

    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The bytes by which the process may grow while it works on an input: twice what the corpus needs and what the runtime and ML.NET take
    /// beside it.
    /// </summary>
    public virtual long MostMemory => 256 * Megabyte;

    /// <summary>Makes an input, gives it to the product, and throws where what follows is wrong.</summary>
    /// <param name="number">The number of the input.</param>
    /// <returns>Whether it was taken; false where it was refused as it should be.</returns>
    public bool Try(int number)
    {
        Random random = new(number);
        try
        {
            Run(random);
            return true;
        }
        catch (Exception exception) when (IsDocumented(exception))
        {
            if (string.IsNullOrWhiteSpace(exception.Message))
            {
                throw new InvalidOperationException($"{exception.GetType().Name} without a message.", exception);
            }

            return false;
        }
    }

    /// <summary>Whether an exception is one that the documentation of what is called names.</summary>
    protected abstract bool IsDocumented(Exception exception);

    /// <summary>Makes an input from random numbers and gives it to the product.</summary>
    protected abstract void Run(Random random);
}
