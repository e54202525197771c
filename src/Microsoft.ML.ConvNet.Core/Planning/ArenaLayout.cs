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
        List<(nint From, nint To, PlanBuffer Buffer)> placed = [];
        var order = plan.Buffers
            .Select((buffer, index) => (Buffer: buffer, Index: index, Length: buffer.Kind == PlanBufferKind.Arena ? buffer.Length(batch) : 0))
            .Where(entry => entry.Length > 0 && entry.Buffer.LastStep >= 0)
            .OrderByDescending(entry => entry.Length)
            .ThenBy(entry => entry.Index);
        foreach ((PlanBuffer buffer, int index, nint length) in order)
        {
            nint size = Weights.Padded(length);
            nint at = 0;
            foreach ((nint from, nint to, _) in placed
                .Where(other => other.Buffer.FirstStep <= buffer.LastStep && buffer.FirstStep <= other.Buffer.LastStep)
                .OrderBy(other => other.From))
            {
                if (from - at >= size)
                {
                    break;
                }

                at = Math.Max(at, to);
            }

            Offsets[index] = at;
            placed.Add((at, at + size, buffer));
            Length = Math.Max(Length, at + size);
        }
    }

    /// <summary>The floats of the block.</summary>
    public nint Length { get; }

    /// <summary>The place of each buffer, in floats; meaningful for arena buffers.</summary>
    public nint[] Offsets { get; }
}
