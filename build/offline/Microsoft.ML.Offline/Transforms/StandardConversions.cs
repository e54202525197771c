#nullable disable
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Which primitive types convert into which, and how.</summary>
internal static class StandardConversions
{
    private static readonly TypeCode[] Signed = [TypeCode.SByte, TypeCode.Int16, TypeCode.Int32, TypeCode.Int64];
    private static readonly TypeCode[] Unsigned = [TypeCode.Byte, TypeCode.UInt16, TypeCode.UInt32, TypeCode.UInt64];
    private static readonly TypeCode[] Real = [TypeCode.Single, TypeCode.Double];

    /// <summary>
    /// Integers convert within their sign and to reals, reals among themselves, text into anything, anything into text, and all
    /// numbers to Boolean.
    /// </summary>
    public static bool Exists(Type from, Type to)
    {
        if (from == to || to == typeof(ReadOnlyMemory<char>) || from == typeof(ReadOnlyMemory<char>))
        {
            return true;
        }

        TypeCode source = Type.GetTypeCode(from);
        TypeCode target = Type.GetTypeCode(to);
        if (Real.Contains(source))
        {
            return Real.Contains(target) || target == TypeCode.Boolean;
        }

        if (source == TypeCode.Boolean)
        {
            return Signed.Contains(target) || Real.Contains(target);
        }

        if (Signed.Contains(source) || Unsigned.Contains(source))
        {
            return (Signed.Contains(source) ? Signed : Unsigned).Contains(target)
                || Real.Contains(target)
                || target == TypeCode.Boolean;
        }

        bool isTime = from == typeof(DateTime) || from == typeof(DateTimeOffset) || from == typeof(TimeSpan);
        return isTime && (target == TypeCode.Int64 || Real.Contains(target));
    }

    public static Func<TFrom, TTo> Find<TFrom, TTo>()
    {
        if (typeof(TFrom) == typeof(TTo))
        {
            return (Func<TFrom, TTo>)(object)(Func<TFrom, TFrom>)(value => value);
        }

        if (typeof(TTo) == typeof(ReadOnlyMemory<char>))
        {
            return (Func<TFrom, TTo>)(object)(Func<TFrom, ReadOnlyMemory<char>>)(value => value.ToText().AsMemory());
        }

        if (typeof(TFrom) == typeof(ReadOnlyMemory<char>))
        {
            return (Func<TFrom, TTo>)(object)(Func<ReadOnlyMemory<char>, TTo>)(text =>
                TextParsing.TryParse(text, out TTo value) ? value : MissingValue.Of<TTo>());
        }

        if (typeof(TTo) == typeof(bool))
        {
            return (Func<TFrom, TTo>)(object)(Func<TFrom, bool>)(value =>
                !EqualityComparer<TFrom>.Default.Equals(value, default));
        }

        return value => (TTo)Change(value, Type.GetTypeCode(typeof(TTo)));
    }

    /// <summary>Integers that do not fit are cut off, as a cast does.</summary>
    private static object Change(object value, TypeCode target)
    {
        if (Real.Contains(target))
        {
            double real = value switch
            {
                DateTime time => time.Ticks,
                DateTimeOffset time => time.UtcDateTime.Ticks,
                TimeSpan span => span.Ticks,
                _ => Convert.ToDouble(value, null),
            };
            return target == TypeCode.Single ? (object)(float)real : real;
        }

        long whole = value switch
        {
            DateTime time => time.Ticks,
            DateTimeOffset time => time.UtcDateTime.Ticks,
            TimeSpan span => span.Ticks,
            ulong large => unchecked((long)large),
            _ => Convert.ToInt64(value, null),
        };
        return target switch
        {
            TypeCode.SByte => (object)unchecked((sbyte)whole),
            TypeCode.Byte => unchecked((byte)whole),
            TypeCode.Int16 => unchecked((short)whole),
            TypeCode.UInt16 => unchecked((ushort)whole),
            TypeCode.Int32 => unchecked((int)whole),
            TypeCode.UInt32 => unchecked((uint)whole),
            TypeCode.UInt64 => unchecked((ulong)whole),
            _ => whole,
        };
    }
}
