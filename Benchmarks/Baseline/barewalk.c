// !barewalk: what a debugger extension in C takes to read what !lockleak reads of idle processes and threads, and to follow the
// same lists. It looks at nothing else and says only how many there were: the least that any extension can take.
//
// !barewalk <head> <links> <process-at> <process-size> <threads> <thread-link> <thread-at> <thread-size>
// All in hexadecimal: the address of PsActiveProcessHead; offsets in _EPROCESS of ActiveProcessLinks, of the part to read and its
// size, of ThreadListHead; offsets in _ETHREAD of ThreadListEntry, of the part to read and its size.
#define CINTERFACE
#define INITGUID
#include <windows.h>
#include <dbgeng.h>

#define MOST 4096

static ULONG64 number(const char **text)
{
    ULONG64 value = 0;
    while (**text == ' ')
        ++*text;
    for (; **text && **text != ' '; ++*text)
        value = value << 4 | (ULONG64)(**text <= '9' ? **text - '0' : (**text | 0x20) - 'a' + 10);
    return value;
}

static BOOL read(IDebugDataSpaces *memory, ULONG64 address, void *buffer, ULONG64 size)
{
    ULONG count;
    return memory->lpVtbl->ReadVirtual(memory, address, buffer, (ULONG)size, &count) == S_OK && count == size;
}

HRESULT CALLBACK barewalk(IDebugClient *client, const char *text)
{
    static unsigned char process[MOST], thread[MOST];
    ULONG64 head = number(&text), links = number(&text), processAt = number(&text), processSize = number(&text), threads = number(&text);
    ULONG64 threadLink = number(&text), threadAt = number(&text), threadSize = number(&text);
    ULONG64 link, processes = 0, seen = 0;
    IDebugDataSpaces *memory;
    IDebugControl *control;
    if (processSize > MOST || threadSize > MOST || client->lpVtbl->QueryInterface(client, &IID_IDebugDataSpaces, (void **)&memory) != S_OK)
        return E_FAIL;
    if (client->lpVtbl->QueryInterface(client, &IID_IDebugControl, (void **)&control) != S_OK)
        return E_FAIL;

    if (read(memory, head, &link, sizeof link)) {
        while (link != head && read(memory, link - links + processAt, process, processSize)) {
            ULONG64 list = link - links + threads, next = *(ULONG64 *)(process + threads - processAt);
            processes++;
            while (next != list && read(memory, next - threadLink + threadAt, thread, threadSize)) {
                seen++;
                next = *(ULONG64 *)(thread + threadLink - threadAt);
            }
            link = *(ULONG64 *)(process + links - processAt);
        }
    }

    control->lpVtbl->Output(control, DEBUG_OUTPUT_NORMAL, "%I64u threads in %I64u processes\n", seen, processes);
    control->lpVtbl->Release(control);
    memory->lpVtbl->Release(memory);
    return S_OK;
}

HRESULT CALLBACK DebugExtensionInitialize(ULONG *version, ULONG *flags)
{
    *version = DEBUG_EXTENSION_VERSION(1, 0);
    *flags = 0;
    return S_OK;
}
