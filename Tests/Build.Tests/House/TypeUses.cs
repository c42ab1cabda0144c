using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Handles = System.Collections.Immutable.ImmutableArray<System.Reflection.Metadata.TypeDefinitionHandle>;

namespace LockLeak.Build.Tests.House;

/// <summary>
/// Which types of its own assembly a type uses, by what the compiler made of it: documentation and constants leave no trace there.
/// </summary>
/// <param name="assembly">The assembly.</param>
internal sealed class TypeUses(PEReader assembly)
{
    private static readonly Dictionary<short, OpCode> Operations =
        typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(operation => operation.Value);

    private readonly MetadataReader reader = assembly.GetMetadataReader();
    private readonly NamedTypes named = new();

    /// <summary>What a type is made of, takes, gives, keeps and names, some of it several times.</summary>
    public IEnumerable<TypeDefinitionHandle> Of(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return
        [
            .. Of(type.BaseType),
            .. type.GetInterfaceImplementations().SelectMany(implemented => Of(reader.GetInterfaceImplementation(implemented).Interface)),
            .. type.GetGenericParameters().SelectMany(Constraints),
            .. type.GetFields().SelectMany(field => reader.GetFieldDefinition(field).DecodeSignature(named, null)),
            .. type.GetMethods().SelectMany(method => Of(reader.GetMethodDefinition(method))),
        ];
    }

    private IEnumerable<TypeDefinitionHandle> Constraints(GenericParameterHandle parameter) =>
        reader.GetGenericParameter(parameter).GetConstraints()
            .SelectMany(constraint => Of(reader.GetGenericParameterConstraint(constraint).Type));

    private IEnumerable<TypeDefinitionHandle> Of(MethodDefinition method)
    {
        IEnumerable<TypeDefinitionHandle> signature =
            [.. Of(method.DecodeSignature(named, null)), .. method.GetGenericParameters().SelectMany(Constraints)];
        if (method.RelativeVirtualAddress == 0)
        {
            return signature;
        }

        MethodBodyBlock body = assembly.GetMethodBody(method.RelativeVirtualAddress);
        ImmutableArray<Handles> locals =
            body.LocalSignature.IsNil ? [] : reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(named, null);
        return [.. signature, .. locals.SelectMany(local => local), .. Tokens(body.GetILReader()).SelectMany(Of)];
    }

    private static IEnumerable<TypeDefinitionHandle> Of(MethodSignature<Handles> signature) =>
        [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(parameter => parameter)];

    /// <summary>The methods, fields and types that code names.</summary>
    private static List<EntityHandle> Tokens(BlobReader code)
    {
        var tokens = new List<EntityHandle>();
        while (code.RemainingBytes > 0)
        {
            byte first = code.ReadByte();
            OpCode operation = first == 0xfe ? Operations[(short)(0xfe00 | code.ReadByte())] : Operations[first];
            switch (operation.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    tokens.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = code.ReadInt32();
                    code.Offset += targets * sizeof(int);
                    break;
                default:
                    code.Offset += Length(operation.OperandType);
                    break;
            }
        }

        return tokens;
    }

    private static int Length(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private IEnumerable<TypeDefinitionHandle> Of(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition when !handle.IsNil => [(TypeDefinitionHandle)handle],
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(named, null),
        HandleKind.FieldDefinition => [reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()],
        HandleKind.MethodDefinition => [reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()],
        HandleKind.MemberReference => Of(reader.GetMemberReference((MemberReferenceHandle)handle).Parent),
        HandleKind.MethodSpecification => Of(reader.GetMethodSpecification((MethodSpecificationHandle)handle)),
        _ => [],
    };

    private IEnumerable<TypeDefinitionHandle> Of(MethodSpecification method) =>
        [.. Of(method.Method), .. method.DecodeSignature(named, null).SelectMany(argument => argument)];

    /// <summary>The types of the assembly that a signature names.</summary>
    private sealed class NamedTypes : ISignatureTypeProvider<Handles, object?>
    {
        public Handles GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [handle];

        public Handles GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [];

        public Handles GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public Handles GetGenericInstantiation(Handles genericType, ImmutableArray<Handles> typeArguments) =>
            [.. genericType, .. typeArguments.SelectMany(argument => argument)];

        public Handles GetFunctionPointerType(MethodSignature<Handles> signature) => [.. Of(signature)];

        public Handles GetModifiedType(Handles modifier, Handles unmodifiedType, bool isRequired) => [.. modifier, .. unmodifiedType];

        public Handles GetArrayType(Handles elementType, ArrayShape shape) => elementType;

        public Handles GetSZArrayType(Handles elementType) => elementType;

        public Handles GetByReferenceType(Handles elementType) => elementType;

        public Handles GetPointerType(Handles elementType) => elementType;

        public Handles GetPinnedType(Handles elementType) => elementType;

        public Handles GetGenericMethodParameter(object? genericContext, int index) => [];

        public Handles GetGenericTypeParameter(object? genericContext, int index) => [];

        public Handles GetPrimitiveType(PrimitiveTypeCode typeCode) => [];
    }
}
