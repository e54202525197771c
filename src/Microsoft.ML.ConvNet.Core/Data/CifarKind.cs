namespace Microsoft.ML.ConvNet.Data;

/// <summary>Which of the two databases of small photographs, and which of the labels of the second.</summary>
public enum CifarKind
{
    /// <summary>CIFAR-10: a label from 0 to 9, then the pixels.</summary>
    Cifar10,

    /// <summary>CIFAR-100 with its 100 classes: a coarse label, a fine one, then the pixels.</summary>
    Cifar100,

    /// <summary>CIFAR-100 with the 20 superclasses that its classes belong to.</summary>
    Cifar100Coarse,
}
