#nullable disable
using System.Collections.Concurrent;

namespace Microsoft.ML.Runtime;

/// <summary>The environment behind an <see cref="MLContext"/>, and behind each host registered in it.</summary>
internal class HostEnvironment : IHostEnvironmentInternal
{
    private readonly object _gate = new();
    private readonly Random _rand;
    private readonly Action<string, ChannelMessage> _log;
    private readonly ConcurrentDictionary<string, object> _options = new();
    private readonly HostEnvironment _parent;

    public HostEnvironment(int? seed, Action<string, ChannelMessage> log)
    {
        Seed = seed;
        _rand = HybridTausworthe.Create(seed);
        _log = log;
        ComponentCatalog = new ComponentCatalog();
    }

    private HostEnvironment(HostEnvironment parent, string name, Random rand)
    {
        _parent = parent;
        Seed = parent.Seed;
        _rand = rand;
        _log = parent._log;

        // ML.NET names a host after its grandparent, not after its parent.
        string prefix = parent._parent?.FullName;
        FullName = string.IsNullOrEmpty(prefix) ? name : $"{prefix}; {name}";
        ComponentCatalog = parent.ComponentCatalog;
        TempFilePath = parent.TempFilePath;
        FallbackToCpu = parent.FallbackToCpu;
        GpuDeviceId = parent.GpuDeviceId;
    }

    public string FullName { get; }

    public virtual string ContextDescription => FullName ?? "HostEnvironment";

    public ComponentCatalog ComponentCatalog { get; }

    public int? Seed { get; }

    public string TempFilePath { get; set; } = Path.GetTempPath();

    public bool FallbackToCpu { get; set; }

    public int? GpuDeviceId { get; set; }

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        lock (_gate)
        {
            Random rand = seed is int value ? new HybridTausworthe((uint)value) : new HybridTausworthe(_rand);
            return new Host(this, name, rand);
        }
    }

    public IChannel Start(string name) => new Channel(FullName, name, _log);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new Pipe<TMessage>(FullName, name, static (_, _) => { });

    public IProgressChannel StartProgressChannel(string name) => new SilentProgressChannel();

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex is not null)
        {
            ex.Data["Throwing component"] = FullName ?? "Environment";
            ex.Data[Failures.Mark] = 1;
        }

        return ex;
    }

    public bool TryAddOption<T>(string name, T value) => _options.TryAdd(RequireName(name), value);

    public void SetOption<T>(string name, T value) => _options[RequireName(name)] = value;

    public bool TryGetOption<T>(string name, out T value)
    {
        bool found = _options.TryGetValue(RequireName(name), out object held) && held is T;
        value = found ? (T)held : default;
        return found;
    }

    public T GetOptionOrDefault<T>(string name) => (T)_options.GetOrAdd(RequireName(name), default(T));

    public bool RemoveOption(string name) => _options.TryRemove(RequireName(name), out _);

    private static string RequireName(string name) =>
        string.IsNullOrWhiteSpace(name) ? throw new ArgumentNullException(nameof(name)) : name;

    private sealed class Host(HostEnvironment parent, string name, Random rand) : HostEnvironment(parent, name, rand), IHost
    {
        public Random Rand => _rand;
    }
}
