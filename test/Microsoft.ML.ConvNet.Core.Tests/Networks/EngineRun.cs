using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>What one training step of the engine gives.</summary>
internal sealed unsafe class EngineRun
{
    /// <summary>The outputs of the batch.</summary>
    public required float[] Outputs { get; init; }

    /// <summary>The loss of each sample.</summary>
    public required float[] Losses { get; init; }

    /// <summary>The gradient by the input.</summary>
    public required float[] InputGradient { get; init; }

    /// <summary>The gradient by each trained parameter.</summary>
    public required Dictionary<string, float[]> Gradients { get; init; }

    /// <summary>Scores a batch.</summary>
    public static float[] Predict(Network network, Weights weights, float[] inputs, int batch, int threads)
    {
        using InferenceModel model = new(network, weights, threads);
        float[] outputs = new float[batch * network.OutputShape.ElementCount];
        model.Predict(inputs, batch, outputs);
        return outputs;
    }

    /// <summary>Takes one step with the mean of squares as loss.</summary>
    public static EngineRun Train(
        Network network, Weights weights, float[] inputs, float[] targets, int batch, int threads, int? maximumBatch = null)
    {
        using TrainingSession session =
            new(network, weights, new MeanSquares(), maximumBatch ?? batch, threads, seed: 1, inputGradient: true);
        return Step(session, inputs, targets, batch);
    }

    /// <summary>Takes one step of a session.</summary>
    public static EngineRun Step(TrainingSession session, float[] inputs, float[] targets, int batch, uint epoch = 0)
    {
        Dictionary<string, float[]> gradients = GradientsOfStep(session, inputs, targets, batch, epoch);
        Network network = session.Network;
        return new EngineRun
        {
            Outputs = new ReadOnlySpan<float>(session.Outputs, batch * network.OutputShape.ElementCount).ToArray(),
            Losses = new ReadOnlySpan<float>(session.Losses, batch).ToArray(),
            InputGradient = new ReadOnlySpan<float>(session.InputGradients, batch * network.InputShape.ElementCount).ToArray(),
            Gradients = gradients,
        };
    }

    /// <summary>Takes one step of a session and gives the gradients by its parameters.</summary>
    public static Dictionary<string, float[]> GradientsOfStep(
        TrainingSession session, float[] inputs, float[] targets, int batch, uint epoch = 0)
    {
        Network network = session.Network;
        inputs.CopyTo(new Span<float>(session.Inputs, inputs.Length));
        targets.CopyTo(new Span<float>(session.TargetValues, targets.Length));
        for (int n = 0; n < batch; n++)
        {
            session.SampleIds[n] = (uint)n;
        }

        session.Step(batch, epoch);
        Dictionary<string, float[]> gradients = [];
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            NetworkParameter parameter = network.Parameters[i];
            if (parameter.Definition.IsTrainable)
            {
                gradients.Add(
                    parameter.Name,
                    new ReadOnlySpan<float>(session.Gradients + session.Weights.OffsetOf(i), parameter.Shape.ElementCount).ToArray());
            }
        }

        return gradients;
    }

    /// <summary>Demands what an oracle computes for the mean of squares.</summary>
    public void AssertEquals(NetworkOracle oracle, float[] targets, double forwardTolerance, double gradientTolerance, string what)
    {
        double[] expected = oracle.Forward();
        Closeness.AssertClose(expected, Outputs, forwardTolerance, $"{what}, output");
        int length = expected.Length / Losses.Length;
        double[] losses = [.. expected.Select((y, i) => (y - targets[i]) * (y - targets[i]) / length).Chunk(length).Select(row => row.Sum())];
        Closeness.AssertClose(losses, Losses, forwardTolerance, $"{what}, losses");

        // The mean loss over the batch: its gradient by each output.
        oracle.Backward([.. expected.Select((y, i) => 2 * (y - targets[i]) / expected.Length)]);
        AssertGradient(oracle.InputGradient, InputGradient, "the input");
        CollectionAssert.AreEquivalent(oracle.Gradients.Keys, Gradients.Keys);
        foreach ((string name, double[] gradient) in oracle.Gradients)
        {
            AssertGradient(gradient, Gradients[name], name);
        }

        // As if the loss were a sum: gradients of about 1, so that the tolerance means something.
        void AssertGradient(double[] gradient, float[] actual, string by)
        {
            float factor = expected.Length / 2f;
            Closeness.AssertClose(
                [.. gradient.Select(value => value * factor)],
                [.. actual.Select(value => value * factor)],
                gradientTolerance,
                $"{what}, gradient by {by}");
        }
    }

    /// <summary>Demands the bits of another run.</summary>
    public void AssertSameBits(EngineRun other, string what)
    {
        Closeness.AssertSameBits(Outputs, other.Outputs, $"{what}, output");
        Closeness.AssertSameBits(Losses, other.Losses, $"{what}, losses");
        Closeness.AssertSameBits(InputGradient, other.InputGradient, $"{what}, gradient by the input");
        foreach ((string name, float[] gradient) in Gradients)
        {
            Closeness.AssertSameBits(gradient, other.Gradients[name], $"{what}, gradient by {name}");
        }
    }
}
