using System.Reflection;
using Microsoft.ML.ConvNet.Networks.Notation;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Core.Tests.Ops;

[TestClass]
public class RecordTests
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>What the compiler generates for a record prints its public properties, and Native AOT's compiler crashes at pointers there.</summary>
    [TestMethod]
    public void No_record_has_a_pointer_for_a_property()
    {
        Type[] records = [.. typeof(Op).Assembly.GetTypes().Where(type => type.GetMethod("PrintMembers", Instance) != null)];
        Assert.Contains(typeof(ActivationFunction<>), records);
        Assert.Contains(typeof(NotationToken), records);
        string[] pointers =
        [
            .. from record in records
               from property in record.GetProperties(Instance)
               where property.PropertyType.IsFunctionPointer || property.PropertyType.IsPointer
               select $"{record.Name}.{property.Name}",
        ];
        Assert.IsEmpty(pointers, string.Join(", ", pointers));
    }
}
