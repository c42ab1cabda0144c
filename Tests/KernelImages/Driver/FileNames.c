// In a file of its own so that the compiler does not put it into its callers.
#include "TestDriver.h"

NTSTATUS OpenNumbered(UNICODE_STRING *folder, WCHAR *name, ULONG number, PVOID *file, IO_STATUS_BLOCK *status)
{
    UNICODE_STRING full = { 0, 0, name };
    ULONG length = folder->Length / sizeof(WCHAR);
    for (ULONG i = 0; i < length; i++)
        name[i] = folder->Buffer[i];
    name[length++] = '0' + number / 100 % 10;
    name[length++] = '0' + number / 10 % 10;
    name[length++] = '0' + number % 10;
    full.Length = full.MaximumLength = (unsigned short)(length * sizeof(WCHAR));
    OBJECT_ATTRIBUTES attributes = { sizeof attributes, 0, &full, 0x240, 0, 0 };
    return ZwCreateFile(file, 0x12019F, &attributes, status, 0, 0x80, 7, 3, 0x20, 0, 0);
}
