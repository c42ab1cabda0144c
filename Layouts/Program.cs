using System.Runtime.CompilerServices;
using LockLeak.Layouts;

const string Usage = """
    dotnet run --project Layouts              makes LockLeak's built-in types anew, in Commands/Kernel/BuiltIn
    dotnet run --project Layouts -- <folder>  makes them in another folder
    """;

switch (args)
{
    case []:
        BuiltInTypesWriter.WriteAll(Path.Combine(SourceFolder(), "..", "Commands", "Kernel", "BuiltIn"));
        return 0;
    case [var folder] when Directory.Exists(folder):
        BuiltInTypesWriter.WriteAll(folder);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
