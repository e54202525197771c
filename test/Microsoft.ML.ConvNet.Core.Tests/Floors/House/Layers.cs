// A house to try the checks of layers on: each type of Lower uses what is above it in the one way that its name says.
#pragma warning disable CA1812, CA1822, CA1823, CS0067, CS0169, CS0649, IDE0044, IDE0051, IDE0052, IDE0060, IDE0130 // nothing of it ever runs

using System.ComponentModel;
using Microsoft.ML.ConvNet.Core.Tests.Floors.House.Upper;

namespace Microsoft.ML.ConvNet.Core.Tests.Floors.House.Upper
{
    internal class Root;

    internal interface IThing;

    internal sealed class Thing : Lower.Plain
    {
        public static int Count;

        public static void Do()
        {
        }
    }

    internal sealed class UpperException : Exception;

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class MarkAttribute : Attribute;
}

namespace Microsoft.ML.ConvNet.Core.Tests.Floors.House.Lower
{
    internal class Plain;

    internal sealed class Base : Root;

    internal sealed class Interface : IThing;

    internal sealed class Field
    {
        private Thing? _thing;
    }

    internal sealed class ArrayField
    {
        private Thing[,]? _things;
    }

    internal abstract class Parameter
    {
        public abstract void Take(ref Thing thing);
    }

    internal abstract class Result
    {
        public abstract Thing Give();
    }

    internal abstract class Property
    {
        public abstract Thing Value { get; }
    }

    internal abstract class Event
    {
        public abstract event Action<Thing> Happened;
    }

    internal sealed class Constraint<T>
        where T : IThing;

    internal sealed class GenericArgument : List<Thing>;

    internal unsafe sealed class FunctionPointer
    {
        private delegate*<Thing, void> _function;
    }

    [Mark]
    internal sealed class Attribute;

    internal sealed class AttributeArgument
    {
        [DefaultValue(typeof(Thing), "none")]
        private void Marked()
        {
        }
    }

    internal abstract class ParameterAttribute
    {
        public abstract void Take([Mark] int number);
    }

    internal sealed class Call
    {
        public void Do() => Thing.Do();
    }

    internal sealed class GenericCall
    {
        public int Do() => Array.Empty<Thing>().Length;
    }

    internal sealed class FieldAccess
    {
        public int Do() => Thing.Count;
    }

    internal sealed class TypeOf
    {
        public Type Do() => typeof(Thing);
    }

    internal sealed class Caught
    {
        public void Do()
        {
            try
            {
                Console.WriteLine();
            }
            catch (UpperException)
            {
            }
        }
    }

    internal sealed class Lambda
    {
        public Func<int> Do() => () => Thing.Count;
    }

    internal sealed class Iterator
    {
        public IEnumerable<int> Do()
        {
            yield return Thing.Count;
        }
    }

    internal sealed class Nested
    {
        private sealed class Inner : Root;
    }
}

namespace Microsoft.ML.ConvNet.Core.Tests.Floors.House.First
{
    internal sealed class User
    {
        public Second.Plain? Used;
    }
}

namespace Microsoft.ML.ConvNet.Core.Tests.Floors.House.Second
{
    internal sealed class Plain;

    internal sealed class Knot
    {
        public First.User? Used;
    }
}
