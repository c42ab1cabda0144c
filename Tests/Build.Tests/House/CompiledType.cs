using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace LockLeak.Build.Tests.House;

/// <summary>A type as the compiler wrote it, with all types inside it and what their code uses.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name there.</param>
/// <param name="IsPublic">True when other assemblies may use it.</param>
/// <param name="File">The file that people wrote it in; null when a compiler made it.</param>
internal sealed record CompiledType(string Namespace, string Name, bool IsPublic, string? File)
{
    /// <summary>Where a .pdb says which files the types have that have no code (portable PDB format, "Type Definition Documents").</summary>
    private static readonly Guid OwnDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly HashSet<CompiledType> uses = [];

    /// <summary>The types of the same assembly that it is made of, takes, gives, keeps or names.</summary>
    public IReadOnlySet<CompiledType> Uses => uses;

    /// <summary>Adds types that it uses.</summary>
    public void Use(params IEnumerable<CompiledType> types) => uses.UnionWith(types);

    /// <summary>All types of an assembly that are in no other type.</summary>
    /// <param name="assembly">Its file, with the .pdb beside it.</param>
    public static IReadOnlyCollection<CompiledType> Read(string assembly)
    {
        using var code = new PEReader(System.IO.File.OpenRead(assembly));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(System.IO.File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        MetadataReader reader = code.GetMetadataReader(), pdb = symbols.GetMetadataReader();
        var typeUses = new TypeUses(code);
        ILookup<TypeDefinitionHandle, TypeDefinitionHandle> parts = reader.TypeDefinitions.ToLookup(handle => Outermost(reader, handle));
        Dictionary<TypeDefinitionHandle, CompiledType> types = parts.ToDictionary(part => part.Key, part =>
        {
            TypeDefinition type = reader.GetTypeDefinition(part.Key);
            bool isPublic = (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public;
            return new CompiledType(reader.GetString(type.Namespace), reader.GetString(type.Name), isPublic, FileOf(reader, pdb, part));
        });
        foreach (IGrouping<TypeDefinitionHandle, TypeDefinitionHandle> part in parts)
        {
            types[part.Key].Use(part.SelectMany(typeUses.Of).Select(used => types[Outermost(reader, used)]));
        }

        return types.Values;
    }

    /// <inheritdoc/>
    public bool Equals(CompiledType? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Namespace, Name);

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}.{Name}";

    private static TypeDefinitionHandle Outermost(MetadataReader reader, TypeDefinitionHandle type)
    {
        while (reader.GetTypeDefinition(type).GetDeclaringType() is { IsNil: false } outer)
        {
            type = outer;
        }

        return type;
    }

    // What generators add to a type is in no file.
    private static string? FileOf(MetadataReader reader, MetadataReader pdb, IEnumerable<TypeDefinitionHandle> parts) =>
        parts.SelectMany(part => Documents(reader, pdb, part)).Distinct()
            .Select(document => pdb.GetString(pdb.GetDocument(document).Name)).SingleOrDefault(System.IO.File.Exists);

    private static IEnumerable<DocumentHandle> Documents(MetadataReader reader, MetadataReader pdb, TypeDefinitionHandle type)
    {
        foreach (MethodDefinitionHandle method in reader.GetTypeDefinition(type).GetMethods())
        {
            foreach (SequencePoint point in pdb.GetMethodDebugInformation(method.ToDebugInformationHandle()).GetSequencePoints())
            {
                yield return point.Document;
            }
        }

        foreach (CustomDebugInformation information in pdb.GetCustomDebugInformation(type).Select(pdb.GetCustomDebugInformation))
        {
            if (pdb.GetGuid(information.Kind) == OwnDocuments)
            {
                for (BlobReader rows = pdb.GetBlobReader(information.Value); rows.RemainingBytes > 0;)
                {
                    yield return MetadataTokens.DocumentHandle(rows.ReadCompressedInteger());
                }
            }
        }
    }
}
