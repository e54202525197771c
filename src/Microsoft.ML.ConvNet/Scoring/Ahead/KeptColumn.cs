using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Scoring.Ahead;

/// <summary>
/// The values that a column has in the rows that are read ahead, so that each can be given when its row's turn comes. What fetching a value threw is
/// thrown then, too.
/// </summary>
internal abstract class KeptColumn
{
    private const BindingFlags Creation = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions;

    private readonly ExceptionDispatchInfo?[] _faults;

    private protected KeptColumn(int rows) => _faults = new ExceptionDispatchInfo?[rows];

    /// <summary>
    /// Whether values of a type can be kept: numbers, texts, keys and the like, and vectors of them. Images belong to who asked for them, who frees them
    /// in his own time, and of other types nothing is known.
    /// </summary>
    public static bool CanKeep(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    /// <summary>Makes room for the values of a column that is active in a cursor.</summary>
    /// <param name="row">The cursor.</param>
    /// <param name="column">The column, of a type that can be kept.</param>
    /// <param name="rows">The most rows that are read ahead.</param>
    public static KeptColumn Create(DataViewRow row, DataViewSchema.Column column, int rows)
    {
        Type kept = column.Type is VectorDataViewType vector
            ? typeof(KeptVectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(KeptValues<>).MakeGenericType(column.Type.RawType);
        return (KeptColumn)Activator.CreateInstance(kept, Creation, binder: null, [row, column, rows], culture: null)!;
    }

    /// <summary>Fetches the value of the row that the cursor stands on.</summary>
    /// <param name="place">Where it is kept.</param>
    public void Read(int place)
    {
        _faults[place] = null;
        try
        {
            Fetch(place);
        }
#pragma warning disable CA1031 // It is thrown on when the row's turn comes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _faults[place] = ExceptionDispatchInfo.Capture(exception);
        }
    }

    /// <summary>Throws what fetching a value threw.</summary>
    protected void RequireSound(int place) => _faults[place]?.Throw();

    /// <summary>Fetches the value of the row that the cursor stands on.</summary>
    protected abstract void Fetch(int place);
}

/// <summary>The values of a column of one kind.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
internal abstract class KeptColumn<T>(DataViewRow row, DataViewSchema.Column column, int rows) : KeptColumn(rows)
{
    private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);

    /// <summary>The values by their places.</summary>
    protected T[] Values { get; } = new T[rows];

    /// <summary>Gives the value that is kept at a place.</summary>
    public abstract void Get(int place, ref T value);

    /// <inheritdoc/>
    protected override void Fetch(int place) => _getter(ref Values[place]);
}

/// <summary>Values that are copied by assignment: numbers, keys, texts, which nobody changes.</summary>
internal sealed class KeptValues<T>(DataViewRow row, DataViewSchema.Column column, int rows) : KeptColumn<T>(row, column, rows)
{
    /// <inheritdoc/>
    public override void Get(int place, ref T value)
    {
        RequireSound(place);
        value = Values[place];
    }
}

/// <summary>Vectors, whose memory is the caller's own.</summary>
internal sealed class KeptVectors<T>(DataViewRow row, DataViewSchema.Column column, int rows) : KeptColumn<VBuffer<T>>(row, column, rows)
{
    /// <inheritdoc/>
    public override void Get(int place, ref VBuffer<T> value)
    {
        RequireSound(place);
        Values[place].CopyTo(ref value);
    }
}
