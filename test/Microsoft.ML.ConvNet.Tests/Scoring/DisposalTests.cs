using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;

namespace Microsoft.ML.ConvNet.Tests.Scoring;

[TestClass]
public sealed class DisposalTests
{
    private const int Rows = 60;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Predictions_are_right_while_other_threads_dispose_of_the_transformer()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView data = BarModels.Keyed(_context, BarImages.Create(Rows));
        uint[] expected = BarModels.ScoreBits(model.Transform(data));
        int scoring = 4;
        Task[] disposing = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (Volatile.Read(ref scoring) > 0)
            {
                model.Dispose();
                Thread.Yield();
            }
        }))];
        Task<uint[]>[] scores = [.. Enumerable.Range(0, scoring).Select(_ => Task.Run(() =>
        {
            try
            {
                return BarModels.ScoreBits(model.Transform(data));
            }
            finally
            {
                Interlocked.Decrement(ref scoring);
            }
        }))];
        Task.WaitAll([.. disposing, .. scores]);
        Array.ForEach(scores, task => CollectionAssert.AreEqual(expected, task.Result));
    }

    [TestMethod]
    public void A_transformer_goes_on_after_its_weights_were_disposed_of_until_it_is_disposed_of_itself()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView data = BarModels.Keyed(_context, BarImages.Create(Rows));
        uint[] expected = BarModels.ScoreBits(model.Transform(data));
        model.Weights.Dispose();
        CollectionAssert.AreEqual(expected, BarModels.ScoreBits(model.Transform(data)));
        model.Dispose();
        ObjectDisposedException refused = Assert.ThrowsExactly<ObjectDisposedException>(() => BarModels.ScoreBits(model.Transform(data)));
        Assert.AreEqual(typeof(Weights).FullName, refused.ObjectName);
    }

    [TestMethod]
    public void A_transformer_whose_weights_were_disposed_of_is_not_saved_and_they_are_named()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        model.Weights.Dispose();
        using TemporaryFile file = new();
        ObjectDisposedException refused = Assert.ThrowsExactly<ObjectDisposedException>(() => model.SaveNetwork(file.Name));
        Assert.AreEqual(typeof(Weights).FullName, refused.ObjectName);
    }
}
