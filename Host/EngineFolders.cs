using System.Runtime.InteropServices;
using Microsoft.Win32;

namespace LockLeak.Host;

/// <summary>
/// Where a debugger engine may be: beside this program, in WinDbg from the Store, in the Debugging Tools of a Windows SDK.
/// </summary>
internal static unsafe partial class EngineFolders
{
    /// <summary>The family of WinDbg's packages: the name, and a hash of who published it.</summary>
    private const string StoreFamily = "Microsoft.WinDbg_8wekyb3d8bbwe";

    /// <summary>The folders, best first; most of them do not exist.</summary>
    public static IEnumerable<string> All()
    {
        yield return AppContext.BaseDirectory;
        foreach (string package in StorePackages())
        {
            yield return Path.Combine(package, IsArm64 ? "arm64" : "amd64");
        }

        foreach (string kits in SdkFolders())
        {
            yield return Path.Combine(kits, "Debuggers", IsArm64 ? "arm64" : "x64");
        }
    }

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    // Where it was installed, as the registry says, and where it is installed unless somebody chooses another place.
    private static IEnumerable<string> SdkFolders()
    {
        using RegistryKey machine = RegistryKey.OpenBaseKey(RegistryHive.LocalMachine, RegistryView.Registry32);
        using RegistryKey? roots = machine.OpenSubKey(@"SOFTWARE\Microsoft\Windows Kits\Installed Roots");
        if (roots?.GetValue("KitsRoot10") is string root)
        {
            yield return root;
        }

        if (Environment.GetEnvironmentVariable("ProgramFiles(x86)") is { Length: > 0 } programs)
        {
            yield return Path.Combine(programs, "Windows Kits", "10");
        }
    }

    // The folder of the Store's packages cannot be listed by users; Windows says where a package lies.
    // https://learn.microsoft.com/windows/win32/api/appmodel/nf-appmodel-getpackagesbypackagefamily
    private static List<string> StorePackages()
    {
        try
        {
            uint count = 0, length = 0;
            if (GetPackagesByPackageFamily(StoreFamily, &count, null, &length, null) != InsufficientBuffer)
            {
                return [];
            }

            char** names = stackalloc char*[checked((int)count)];
            var buffer = new char[length];
            fixed (char* characters = buffer)
            {
                if (GetPackagesByPackageFamily(StoreFamily, &count, names, &length, characters) != Success)
                {
                    return [];
                }

                List<string> found = [];
                for (uint index = 0; index < count; index++)
                {
                    if (PathOf(new string(names[index])) is { } path)
                    {
                        found.Add(path);
                    }
                }

                return found;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return []; // Windows 7, and Wine
        }
    }

    private static string? PathOf(string package)
    {
        uint length = 0;
        if (GetPackagePathByFullName(package, &length, null) != InsufficientBuffer)
        {
            return null;
        }

        var path = new char[length];
        fixed (char* characters = path)
        {
            return GetPackagePathByFullName(package, &length, characters) == Success ? new string(characters) : null;
        }
    }

    private const int Success = 0, InsufficientBuffer = 122;

    [LibraryImport("kernel32", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int GetPackagesByPackageFamily(string family, uint* count, char** fullNames, uint* bufferLength, char* buffer);

    [LibraryImport("kernel32", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int GetPackagePathByFullName(string fullName, uint* pathLength, char* path);
}
