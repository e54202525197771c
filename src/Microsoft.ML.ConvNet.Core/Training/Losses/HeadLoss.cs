namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// How an auxiliary output of a network is trained (Szegedy et al., "Going deeper with convolutions", 2014), where that is not by the loss of the
/// network's own output and the weight that the network has for it.
/// </summary>
/// <param name="Head">
/// The layer that gives the auxiliary output, or the one before a softmax or sigmoid that does: its name, or a pattern of it, in which <c>*</c>
/// stands for any characters and <c>?</c> for one.
/// </param>
public sealed record HeadLoss(string Head)
{
    /// <summary>
    /// Its loss; that of the network's own output where not given. A loss of classes has the class weights of the own output's, if that has some.
    /// </summary>
    public Loss? Loss { get; init; }

    /// <summary>
    /// What its loss counts beside that of the network's own output, which counts once: at least 0; what the network says where not given.
    /// </summary>
    public float? Weight { get; init; }
}
