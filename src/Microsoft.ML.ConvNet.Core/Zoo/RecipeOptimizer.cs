namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>The rules by which a recipe moves weights.</summary>
public enum RecipeOptimizer
{
    /// <summary>Stochastic gradient descent, with momentum where the recipe gives one.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba, 2015).</summary>
    Adam,

    /// <summary>Adam with a weight decay of its own, beside the gradient (Loshchilov and Hutter, 2019).</summary>
    AdamW,
}
