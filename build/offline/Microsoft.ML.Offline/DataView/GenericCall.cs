#nullable disable
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method with type arguments known only at run time.</summary>
internal static class GenericCall
{
    /// <summary>Calls the generic method of which <paramref name="example"/> is an instance, with another type argument.</summary>
    public static TResult Invoke<TResult>(Delegate example, Type type, params object[] arguments) =>
        Invoke<TResult>(example, [type], arguments);

    /// <summary>Calls the generic method of which <paramref name="example"/> is an instance, with other type arguments.</summary>
    public static TResult Invoke<TResult>(Delegate example, Type[] types, params object[] arguments)
    {
        MethodInfo method = example.Method.GetGenericMethodDefinition().MakeGenericMethod(types);
        return (TResult)method.Invoke(example.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }
}
