#nullable disable
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Names a class that a model file may ask for, and how it is made: by a static Create method or by a constructor.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : Attribute
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Type[] _parameters;

    public LoadableClassAttribute(Type instType, Type argType, Type sigType, string userName, params string[] loadNames)
        : this(null, instType, instType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
        : this(null, instType, loaderType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(Type instType, Type argType, Type[] sigTypes, string userName, params string[] loadNames)
        : this(null, instType, instType, argType, sigTypes, userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        Type instType, Type loaderType, Type argType, Type[] sigTypes, string userName, params string[] loadNames)
        : this(null, instType, loaderType, argType, sigTypes, userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        string summary, Type instType, Type argType, Type sigType, string userName, params string[] loadNames)
        : this(summary, instType, instType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        string summary, Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
        : this(summary, instType, loaderType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        string summary, Type instType, Type argType, Type[] sigTypes, string userName, params string[] loadNames)
        : this(summary, instType, instType, argType, sigTypes, userName, loadNames)
    {
    }

    public LoadableClassAttribute(
        string summary, Type instType, Type loaderType, Type argType, Type[] sigTypes, string userName, params string[] loadNames)
    {
        Summary = summary;
        InstanceType = instType;
        LoaderType = loaderType;
        ArgType = argType;
        SignatureTypes = sigTypes;
        UserName = userName;
        LoadNames = loadNames is { Length: > 0 } ? loadNames : [userName];
        IEnumerable<Type> signature = sigTypes[0].GetMethod("Invoke").GetParameters().Select(p => p.ParameterType);
        _parameters = argType is null ? [.. signature] : [argType, .. signature];
    }

    public string Summary { get; }

    public Type InstanceType { get; }

    public Type LoaderType { get; }

    public Type ArgType { get; }

    public Type[] SignatureTypes { get; }

    public string UserName { get; }

    public string[] LoadNames { get; }

    public string DocName { get; set; }

    internal bool CanCreate => Find(out _) is not null;

    internal object Create(IHostEnvironment env, object[] arguments)
    {
        MethodBase maker = Find(out bool takesEnvironment);
        object[] all = takesEnvironment ? [env, .. arguments] : arguments;
        try
        {
            return maker is ConstructorInfo constructor ? constructor.Invoke(all) : maker.Invoke(null, all);
        }
        catch (TargetInvocationException e) when (e.InnerException is Exception inner && inner.IsMarked())
        {
            var error = new InvalidOperationException("Error during class instantiation", e);
            throw env.Process(error);
        }
    }

    /// <summary>The static Create method or the constructor, whichever is the more visible.</summary>
    private MethodBase Find(out bool takesEnvironment)
    {
        Type[] withEnvironment = [typeof(IHostEnvironment), .. _parameters];
        MethodBase create = FindCreate(_parameters) ?? FindCreate(withEnvironment);
        MethodBase constructor = FindConstructor(_parameters) ?? FindConstructor(withEnvironment);
        if (create is not null && constructor is not null && Visibility(create) == Visibility(constructor))
        {
            throw new InvalidOperationException(
                $"Can't load type {InstanceType}, because it has both create and constructor methods with the same visibility.");
        }

        MethodBase found = create is null || (constructor is not null && Visibility(constructor) > Visibility(create))
            ? constructor
            : create;
        takesEnvironment = found is not null && found.GetParameters().Length > _parameters.Length;
        return found;
    }

    private MethodInfo FindCreate(Type[] types)
    {
        MethodInfo found = LoaderType.GetMethod("Create", BindingFlags.Static | Any, null, types, null);
        return found?.ReturnType == InstanceType ? found : null;
    }

    private ConstructorInfo FindConstructor(Type[] types) => InstanceType.IsAssignableFrom(LoaderType)
        ? LoaderType.GetConstructor(BindingFlags.Instance | Any, null, types, null)
        : null;

    private static int Visibility(MethodBase method) =>
        method.IsPublic ? 4 : method.IsAssembly ? 3 : method.IsFamilyOrAssembly ? 2 : method.IsFamily ? 1 : 0;
}
