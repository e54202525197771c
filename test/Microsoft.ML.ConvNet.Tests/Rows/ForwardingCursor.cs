using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>A cursor that does as another one does, but for what a test changes.</summary>
internal abstract class ForwardingCursor(DataViewRowCursor input) : DataViewRowCursor
{
    public override long Position => Input.Position;

    public override long Batch => Input.Batch;

    public override DataViewSchema Schema => Input.Schema;

    /// <summary>The other one.</summary>
    protected DataViewRowCursor Input { get; } = input;

    public override bool MoveNext() => Input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Input.Dispose();
        }

        base.Dispose(disposing);
    }
}
