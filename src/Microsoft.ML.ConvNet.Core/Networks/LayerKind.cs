using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks.Notation;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>A kind of layer: what must be known of it outside its own file.</summary>
/// <param name="Name">The name that model files know it by, which stays when the type is renamed.</param>
/// <param name="Defaults">
/// A layer with its defaults; a hyperparameter without a default is zero, which the layer itself refuses by name.
/// </param>
/// <param name="Hyperparameters">Its hyperparameters, in the order in which files hold them: that of its declaration.</param>
/// <param name="Words">Its words in the notation; none where it cannot be written there.</param>
internal sealed record LayerKind(
    string Name, Layer Defaults, IReadOnlyList<PropertyInfo> Hyperparameters, IReadOnlyList<NotationWord> Words)
{
    /// <summary>The type of such layers.</summary>
    public Type Type => Defaults.GetType();

    /// <summary>A kind of layer and its words.</summary>
    /// <remarks>The annotation tells the trimmer and the compiler ahead of time to keep the properties that are read here.</remarks>
    public static LayerKind Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TLayer>(
        string name, TLayer defaults, params NotationWord[] words)
        where TLayer : Layer =>
        new(
            name,
            defaults,
            [.. typeof(TLayer).GetProperties().Where(property => property.CanWrite)],
            words);

    /// <summary>A kind of layer with a word that stands alone and means the layer with its defaults.</summary>
    public static LayerKind Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TLayer>(
        string name, TLayer defaults, string word)
        where TLayer : Layer =>
        Of(name, defaults, NotationWord.Alone(word, defaults));
}
