using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>What the weights of a network are before training.</summary>
internal static class StartingWeights
{
    /// <summary>Weights drawn anew, with those of the options in the place of their namesakes; null where the options give none.</summary>
    /// <exception cref="ArgumentException">None of the options' weights fits the network.</exception>
    public static Weights? Of(IChannel channel, ConvNetTrainingOptions options, Network network, int seed)
    {
        if (options.InitialWeights is not { } given)
        {
            return null;
        }

        Weights weights = Weights.Initialize(network, unchecked((uint)seed));
        List<string> others = [];
        foreach (string name in weights.Names)
        {
            if (given.TryGet(name, out Tensor? tensor) && tensor.Shape == weights[name].Shape)
            {
                tensor.CopyTo(weights[name].Span);
            }
            else
            {
                others.Add(name);
            }
        }

        int count = network.Parameters.Count;
        if (others.Count == count)
        {
            weights.Dispose();
            throw new ArgumentException(
                $"{nameof(options.InitialWeights)} has a parameter of the name and shape of one of the network's, such as "
                + $"\"{network.Parameters[0].Name}\" of {network.Parameters[0].Shape}. Received: {string.Join(", ", given.Names.Take(3))}.",
                nameof(options));
        }

        channel.Info(
            MessageSensitivity.None,
            $"{count - others.Count} of {count} parameters begin with the given weights"
            + (others.Count == 0 ? string.Empty : $"; anew begin {string.Join(", ", others.Take(5))}{(others.Count > 5 ? ", ..." : string.Empty)}"));
        return weights;
    }
}
