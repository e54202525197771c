namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>A walk through some neighbouring loops of a <see cref="StridedShape"/>, which knows where each tensor's element is.</summary>
internal unsafe struct StridedCursor
{
    private readonly StridedShape* _shape;
    private readonly int _firstLoop;
    private readonly int _endLoop;
    private fixed long _at[StridedShape.MaximumLoops];
    private fixed long _offsets[StridedShape.MaximumOperands + 1];

    /// <summary>Begins at an element of the loops from one to before another, by its number among them.</summary>
    public StridedCursor(StridedShape* shape, int firstLoop, int endLoop, nint number)
    {
        this = default;
        _shape = shape;
        _firstLoop = firstLoop;
        _endLoop = endLoop;
        for (int loop = endLoop - 1; loop >= firstLoop; loop--)
        {
            (number, nint at) = Math.DivRem(number, shape->Length(loop));
            _at[loop] = at;
            for (int operand = 0; operand <= StridedShape.Full; operand++)
            {
                _offsets[operand] += at * shape->Stride(operand, loop);
            }
        }
    }

    /// <summary>Goes to the next element; behind the last one comes the first.</summary>
    public void MoveNext()
    {
        for (int loop = _endLoop - 1; loop >= _firstLoop; loop--)
        {
            nint length = _shape->Length(loop);
            bool isLast = ++_at[loop] == length;
            nint steps = isLast ? 1 - length : 1;
            for (int operand = 0; operand <= StridedShape.Full; operand++)
            {
                _offsets[operand] += steps * _shape->Stride(operand, loop);
            }

            if (!isLast)
            {
                return;
            }

            _at[loop] = 0;
        }
    }

    /// <summary>Where the element of a tensor is.</summary>
    public readonly float* At(Operand operand) => operand.Pointer + _offsets[operand.Number];

    /// <summary>How far the element of a tensor is from its first one.</summary>
    public readonly nint Offset(int operand) => (nint)_offsets[operand];
}
