using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// Where the buffers of a plan lie in one block of memory: buffers that live at different times share places. Larger buffers are
/// placed first, each at the lowest place that is free during its whole life.
/// </summary>
internal sealed class ArenaLayout
{
    /// <summary>Places the arena buffers of a plan for a batch.</summary>
    public ArenaLayout(Plan plan, int batch)
    {
        Offsets = new nint[plan.Buffers.Count];

        // After the last step results are still read.
        ArenaOccupancy occupancy = new(plan.Steps.Count + 1);
        var order = plan.Buffers
            .Select((buffer, index) => (Buffer: buffer, Index: index, Length: buffer.Kind == PlanBufferKind.Arena ? buffer.Length(batch) : 0))
            .Where(entry => entry.Length > 0 && entry.Buffer.LastStep >= 0)
            .OrderByDescending(entry => entry.Length)
            .ThenBy(entry => entry.Index);
        foreach ((PlanBuffer buffer, int index, nint length) in order)
        {
            nint size = Weights.Padded(length);
            nint at = occupancy.LowestFree(buffer.FirstStep, buffer.LastStep, size);
            occupancy.Take(buffer.FirstStep, buffer.LastStep, at, size);
            Offsets[index] = at;
            Length = Math.Max(Length, at + size);
        }
    }

    /// <summary>The floats of the block.</summary>
    public nint Length { get; }

    /// <summary>The place of each buffer, in floats; meaningful for arena buffers.</summary>
    public nint[] Offsets { get; }
}
