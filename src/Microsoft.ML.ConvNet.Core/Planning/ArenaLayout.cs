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
        foreach (int index in LargestFirst(plan, batch))
        {
            PlanBuffer buffer = plan.Buffers[index];
            nint size = Weights.Padded(buffer.Length(batch));
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

    /// <summary>The buffers that take a place; of the same size the first comes first.</summary>
    private static List<int> LargestFirst(Plan plan, int batch)
    {
        nint[] lengths = new nint[plan.Buffers.Count];
        List<int> placed = [];
        for (int i = 0; i < lengths.Length; i++)
        {
            PlanBuffer buffer = plan.Buffers[i];
            lengths[i] = buffer.Kind == PlanBufferKind.Arena && buffer.LastStep >= 0 ? buffer.Length(batch) : 0;
            if (lengths[i] > 0)
            {
                placed.Add(i);
            }
        }

        placed.Sort((left, right) => lengths[left] == lengths[right] ? left.CompareTo(right) : lengths[right].CompareTo(lengths[left]));
        return placed;
    }
}
