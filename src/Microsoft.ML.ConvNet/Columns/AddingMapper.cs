using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Adds the columns of a binding to single rows, as a PredictionEngine asks for.</summary>
internal sealed class AddingMapper(IExceptionContext context, RowBinding binding) : IRowToRowMapper
{
    /// <inheritdoc/>
    public DataViewSchema InputSchema => binding.InputSchema;

    /// <inheritdoc/>
    public DataViewSchema OutputSchema => binding.OutputSchema;

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        binding.InputsOf(binding.Mark(dependingColumns));

    /// <inheritdoc/>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        return ReferenceEquals(input.Schema, InputSchema)
            ? new WidenedRow(input, binding, binding.Mark(activeColumns))
            : throw context.Process(new ArgumentException("The row's schema is the one that the mapper was made for.", nameof(input)));
    }

    private sealed class WidenedRow(DataViewRow input, RowBinding binding, bool[] active) : DataViewRow
    {
        private readonly Delegate?[] _getters = binding.CreateGetters(input, active);

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => binding.OutputSchema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            binding.RequireColumn(column);
            return column.Index < input.Schema.Count ? input.IsColumnActive(input.Schema[column.Index]) : active[column.Index];
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            binding.GetGetter<TValue>(input, _getters, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
