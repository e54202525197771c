using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microsoft.ML.ConvNet.Core.Tests.Floors;

/// <summary>Which types the types of a compiled assembly use: in what they are, hold, declare and do.</summary>
/// <remarks>Constants of the compiler's and references in comments leave no trace in an assembly, and are none here.</remarks>
internal static class TypeUses
{
    /// <summary>Every type of the module that has a name in the source, nested ones not counted apart.</summary>
    public static IEnumerable<TypeDefinition> Types(ModuleDefinition module) =>
        module.Types.Where(type => !type.Name.StartsWith('<'));

    /// <summary>What a type uses, and with it what its nested types use (lambdas, iterators and closures are such).</summary>
    public static IEnumerable<TypeReference> Of(TypeDefinition type) =>
        References(type).SelectMany(Parts).Concat(type.NestedTypes.SelectMany(Of));

    /// <summary>The type in the source that a type belongs to.</summary>
    public static TypeReference Outermost(TypeReference type) => type.DeclaringType == null ? type : Outermost(type.DeclaringType);

    private static IEnumerable<TypeReference?> References(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. Attributes(type),
        .. type.Interfaces.SelectMany(Attributes),
        .. type.GenericParameters.SelectMany(Constraints),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Fields.SelectMany(Attributes),
        .. type.Properties.Select(property => property.PropertyType),
        .. type.Properties.SelectMany(Attributes),
        .. type.Events.Select(declared => declared.EventType),
        .. type.Events.SelectMany(Attributes),
        .. type.Methods.SelectMany(Signature),
        .. type.Methods.Where(method => method.HasBody).SelectMany(method => Body(method.Body)),
    ];

    private static IEnumerable<TypeReference?> Signature(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.Overrides.SelectMany(Method),
        .. method.GenericParameters.SelectMany(Constraints),
        .. Attributes(method),
        .. Attributes(method.MethodReturnType),
        .. method.Parameters.SelectMany(Attributes),
    ];

    private static IEnumerable<TypeReference?> Body(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => Operand(instruction.Operand)),
    ];

    private static IEnumerable<TypeReference?> Operand(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => Method(method),
        CallSite site => [site.ReturnType, .. site.Parameters.Select(parameter => parameter.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference?> Method(MethodReference method) =>
    [
        method.DeclaringType,
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method is GenericInstanceMethod instance ? instance.GenericArguments : [],
    ];

    private static IEnumerable<TypeReference?> Constraints(GenericParameter parameter) =>
        [.. parameter.Constraints.Select(constraint => constraint.ConstraintType), .. Attributes(parameter)];

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute => (IEnumerable<TypeReference?>)
        [
            attribute.AttributeType,
            .. attribute.ConstructorArguments.SelectMany(Argument),
            .. attribute.Fields.Concat(attribute.Properties).SelectMany(named => Argument(named.Argument)),
        ]);

    private static IEnumerable<TypeReference?> Argument(CustomAttributeArgument argument) => argument.Value switch
    {
        TypeReference type => [argument.Type, type],
        CustomAttributeArgument boxed => Argument(boxed),
        CustomAttributeArgument[] several => several.SelectMany(Argument),
        _ => [argument.Type],
    };

    /// <summary>The named types that an array, a pointer, a function pointer or a generic type consists of.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        FunctionPointerType function => [.. Parts(function.ReturnType), .. function.Parameters.SelectMany(parameter => Parts(parameter.ParameterType))],
        IModifierType modified => [.. Parts(modified.ModifierType), .. Parts(modified.ElementType)],
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };
}
