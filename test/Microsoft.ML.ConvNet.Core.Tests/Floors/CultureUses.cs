using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text;

namespace Microsoft.ML.ConvNet.Core.Tests.Floors;

/// <summary>
/// Where the compiled code of an assembly writes a number as the culture of the machine has it: in an interpolated string without a culture, or
/// joined to others. The analyzers see calls of ToString and Format, but not these.
/// </summary>
internal static class CultureUses
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The members that do so.</summary>
    public static IEnumerable<string> Of(Assembly assembly)
    {
        foreach (Type type in assembly.GetTypes())
        {
            IEnumerable<MethodBase> methods = [.. type.GetMethods(All), .. type.GetConstructors(All)];
            foreach (MethodBase method in methods)
            {
                if (method.GetMethodBody()?.GetILAsByteArray() is { } code && UsesCulture(method, code))
                {
                    yield return $"{type.FullName}.{method.Name}";
                }
            }
        }
    }

    private static bool UsesCulture(MethodBase method, byte[] code)
    {
        bool hasCulture = true;
        foreach (MethodBase called in CallsOf(method, code))
        {
            Type? owner = called.DeclaringType;
            if (owner == typeof(DefaultInterpolatedStringHandler) || owner == typeof(StringBuilder.AppendInterpolatedStringHandler))
            {
                // The strings that a method writes follow each other; one within another is rare, and then stricter than need be.
                hasCulture = called.IsConstructor
                    ? called.GetParameters().Any(parameter => parameter.ParameterType == typeof(IFormatProvider))
                    : hasCulture;
            }

            bool isJoined = owner == typeof(string) && called.Name == nameof(string.Join);
            if ((isJoined || (!hasCulture && called.Name == "AppendFormatted")) && called.IsGenericMethod
                && IsNumber(called.GetGenericArguments()[0]))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<MethodBase> CallsOf(MethodBase method, byte[] code)
    {
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        int at = 0;
        while (at < code.Length)
        {
            short value = code[at++];
            if (value == 0xFE)
            {
                value = unchecked((short)(0xFE00 | code[at++]));
            }

            OpCode operation = Codes[value];
            if (operation.OperandType == OperandType.InlineMethod)
            {
                yield return method.Module.ResolveMethod(BitConverter.ToInt32(code, at), ofType, ofMethod)!;
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static bool IsNumber(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return !plain.IsEnum && (Type.GetTypeCode(plain) is >= TypeCode.SByte and <= TypeCode.DateTime
            || plain == typeof(nint) || plain == typeof(nuint) || plain == typeof(Int128) || plain == typeof(Half) || plain == typeof(TimeSpan));
    }
}
