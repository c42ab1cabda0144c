using System.Text;
using LockLeak.DbgEng;
using LockLeak.Target;

namespace LockLeak.Extension;

/// <summary>
/// Types of the module nt, from its symbols. Every answer is kept, for an answer costs half a millisecond (measured); the
/// object lives from command to command for as long as the module and its symbols are the same.
/// </summary>
internal sealed unsafe class EngineTypes : ITypes
{
    private readonly KernelModule module;
    private readonly Dictionary<string, uint?> ids = [];
    private readonly Dictionary<(string Type, string Path), TypeField?> fields = [];
    private readonly Dictionary<(string Type, long Value), string?> enumNames = [];
    private EngineClient engine;
    private UserBreak userBreak;

    private EngineTypes(EngineClient engine, UserBreak userBreak, KernelModule module)
    {
        this.engine = engine;
        this.userBreak = userBreak;
        this.module = module;
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
        if (!fields.TryGetValue((type, path), out TypeField? field))
        {
            field = Id(type) is null ? null : AskField(type, path);
            fields[(type, path)] = field;
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

    // Of the engine's interfaces only this request of the old extension interface tells the bits of a bit field.
    private TypeField? AskField(string type, string path)
    {
        var api = new WINDBG_EXTENSION_APIS64 { nSize = (uint)sizeof(WINDBG_EXTENSION_APIS64) };
        if (engine.Control.GetWindbgExtensionApis64(&api) < 0)
        {
            return null;
        }

        fixed (byte* typeName = Encoding.UTF8.GetBytes($"nt!{type}\0"), fieldName = Encoding.UTF8.GetBytes($"{path}\0"))
        {
            byte nothing = 0;
            var field = new FIELD_INFO
            {
                fName = fieldName,
                printName = &nothing,
                fOptions = FIELD_INFO.DBG_DUMP_FIELD_FULL_NAME | FIELD_INFO.DBG_DUMP_FIELD_RETURN_ADDRESS,
            };
            var request = new SYM_DUMP_PARAM
            {
                size = (uint)sizeof(SYM_DUMP_PARAM),
                sName = typeName,
                Options = SYM_DUMP_PARAM.DBG_DUMP_NO_PRINT,
                nFields = 1,
                Fields = &field,
            };
            uint error;
            do
            {
                error = api.lpIoctlRoutine(SYM_DUMP_PARAM.IG_DUMP_SYMBOL_INFO, &request, request.size);
            }
            while (error != 0 && userBreak.Arrived());

            return error == 0 ? Describe(field) : null;
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
        return userBreak.Insist(() => engine.Symbols.GetConstantNameWide(module.Base, id, (ulong)value, name, Longest, out _)) >= 0 ? new string(name) : null;
    }
}
