using System.Text;
using LockLeak.DbgEng;
using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Extension;

/// <summary>
/// Types of the module nt, from its symbols. Every answer is kept, for an answer costs half a millisecond (measured); the
/// object lives from command to command for as long as the module and its symbols are the same.
/// </summary>
/// <remarks>
/// The engine goes through all fields of a type for each request, whatever number of fields it asks for. So the first question
/// about a type also asks for the fields that the commands will want, as the built-in types have them.
/// </remarks>
internal sealed unsafe class EngineTypes : ITypes
{
    private readonly KernelModule module;
    private readonly Dictionary<string, uint?> ids = [];
    private readonly Dictionary<(string Type, string Path), TypeField?> fields = [];
    private readonly Dictionary<(string Type, long Value), string?> enumNames = [];
    private readonly HashSet<string> askedAhead = [];
    private readonly Lazy<BuiltInTypes> expected;
    private EngineClient engine;
    private UserBreak userBreak;

    private EngineTypes(EngineClient engine, UserBreak userBreak, KernelModule module)
    {
        this.engine = engine;
        this.userBreak = userBreak;
        this.module = module;
        expected = new Lazy<BuiltInTypes>(() =>
        {
            uint build = this.engine.Control.GetSystemVersionValues(out _, out _, out _, out _, out uint kdMinor) >= 0 ? kdMinor : 0;
            return BuiltInTypes.Load(Math.Max(BuiltInTypes.Builds.LastOrDefault(known => known <= build), BuiltInTypes.Builds[0]));
        });
    }

    /// <summary>The types of the target as it is now.</summary>
    /// <param name="engine">The client of the running command.</param>
    /// <param name="userBreak">The user's wish to end it.</param>
    /// <param name="known">What the last command had; it is taken again if nothing has changed.</param>
    public static EngineTypes For(EngineClient engine, UserBreak userBreak, EngineTypes? known)
    {
        KernelModule module = KernelModule.Find(engine, userBreak);
        if (known is null || known.module != module)
        {
            return new EngineTypes(engine, userBreak, module);
        }

        known.engine = engine;
        known.userBreak = userBreak;
        return known;
    }

    public int? SizeOf(string type) => Id(type) is { } id ? AskSize(id) : null;

    public TypeField? Field(string type, string path)
    {
        if (!fields.TryGetValue((type, path), out TypeField? field) && Id(type) is not null)
        {
            if (askedAhead.Add(type))
            {
                AskFields(type, [.. expected.Value.PathsOf(type)]);
            }

            if (!fields.TryGetValue((type, path), out field))
            {
                AskFields(type, [path]);
                field = fields.GetValueOrDefault((type, path));
                fields[(type, path)] = field;
            }
        }

        return field;
    }

    public string? EnumName(string type, long value)
    {
        if (!enumNames.TryGetValue((type, value), out string? name))
        {
            name = Id(type) is { } id ? AskEnumName(id, value) : null;
            enumNames[(type, value)] = name;
        }

        return name;
    }

    private uint? Id(string type)
    {
        if (!ids.TryGetValue(type, out uint? id))
        {
            id = module.HasTypes ? AskId(type) : null;
            ids[type] = id;
        }

        return id;
    }

    private uint? AskId(string type)
    {
        uint id = 0;
        return userBreak.Insist(() => engine.Symbols.GetTypeIdWide(module.Base, type, out id)) >= 0 ? id : null;
    }

    private int? AskSize(uint id)
    {
        uint size = 0;
        return userBreak.Insist(() => engine.Symbols.GetTypeSize(module.Base, id, out size)) >= 0 ? (int)size : null;
    }

    // Of the engine's interfaces only this request of the old extension interface tells the bits of a bit field. What is not
    // found stays unknown: several fields at once say nothing of one that is missing.
    private void AskFields(string type, string[] paths)
    {
        var api = new WINDBG_EXTENSION_APIS64 { nSize = (uint)sizeof(WINDBG_EXTENSION_APIS64) };
        if (paths.Length == 0 || engine.Control.GetWindbgExtensionApis64(&api) < 0)
        {
            return;
        }

        fixed (byte* typeName = Encoding.UTF8.GetBytes($"nt!{type}\0"), names = Encoding.UTF8.GetBytes(string.Join('\0', paths) + '\0'))
        {
            byte nothing = 0;
            byte* name = names;
            FIELD_INFO* asked = stackalloc FIELD_INFO[paths.Length];
            for (int i = 0; i < paths.Length; i++)
            {
                asked[i] = new FIELD_INFO
                {
                    fName = name,
                    printName = &nothing,
                    fOptions = FIELD_INFO.DBG_DUMP_FIELD_FULL_NAME | FIELD_INFO.DBG_DUMP_FIELD_RETURN_ADDRESS,
                };
                name += Encoding.UTF8.GetByteCount(paths[i]) + 1;
            }

            var request = new SYM_DUMP_PARAM
            {
                size = (uint)sizeof(SYM_DUMP_PARAM),
                sName = typeName,
                Options = SYM_DUMP_PARAM.DBG_DUMP_NO_PRINT,
                nFields = (uint)paths.Length,
                Fields = asked,
            };
            uint error;
            do
            {
                error = api.lpIoctlRoutine(SYM_DUMP_PARAM.IG_DUMP_SYMBOL_INFO, &request, request.size);
            }
            while (error != 0 && userBreak.Arrived());

            for (int i = 0; i < paths.Length && error == 0; i++)
            {
                if (paths.Length == 1 || asked[i].TypeId != 0)
                {
                    fields[(type, paths[i])] = Describe(asked[i]);
                }
            }
        }
    }

    // A bit field's size is not that of its storage unit, which is its type.
    private TypeField Describe(in FIELD_INFO field)
    {
        int size = field.BitSize == 0 ? (int)field.size : AskSize(field.TypeId) ?? 0;
        return new TypeField((int)field.FieldOffset, size, field.BitPosition, field.BitSize, field.IsPointer);
    }

    private string? AskEnumName(uint id, long value)
    {
        const int Longest = 256;
        char* name = stackalloc char[Longest];
        int result = userBreak.Insist(() => engine.Symbols.GetConstantNameWide(module.Base, id, (ulong)value, name, Longest, out _));
        return result >= 0 ? new string(name) : null;
    }
}
