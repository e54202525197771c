using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks.Notation;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>
/// A kind of layer: what must be known of it outside its own file. A program uses few of them: what stands here of a kind is made when it is
/// asked for, so that the others cost the start nothing.
/// </summary>
internal sealed class LayerKind
{
    private readonly Func<Layer> _newLayer;

    private LayerKind(
        string name,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type,
        Func<Layer> newLayer,
        NotationWord[] words)
    {
        Name = name;
        Type = type;
        _newLayer = newLayer;
        Words = words;
    }

    /// <summary>The name that model files know it by, which stays when the type is renamed.</summary>
    public string Name { get; }

    /// <summary>The type of such layers.</summary>
    /// <remarks>The annotation tells the trimmer and the compiler ahead of time to keep the properties that are read here.</remarks>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    public Type Type { get; }

    /// <summary>A layer with its defaults; a hyperparameter without a default is zero, which the layer itself refuses by name.</summary>
    public Layer Defaults => field ??= _newLayer();

    /// <summary>Its hyperparameters, in the order in which files hold them: that of its declaration.</summary>
    public IReadOnlyList<PropertyInfo> Hyperparameters => field ??= Array.FindAll(Type.GetProperties(), property => property.CanWrite);

    /// <summary>Its words in the notation; none where it cannot be written there.</summary>
    public IReadOnlyList<NotationWord> Words { get; }

    /// <summary>A kind of layer and its words.</summary>
    public static LayerKind Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TLayer>(
        string name, Func<Layer> newLayer, params NotationWord[] words)
        where TLayer : Layer =>
        new(name, typeof(TLayer), newLayer, words);

    /// <summary>A kind of layer with a word that stands alone and means the layer with its defaults.</summary>
    public static LayerKind Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TLayer>(
        string name, Func<Layer> newLayer, string word)
        where TLayer : Layer =>
        Of<TLayer>(name, newLayer, NotationWord.Alone(word, newLayer));
}
