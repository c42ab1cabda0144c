// !overhear <how> <command>: a second client of the engine, as other extensions and script hosts make one, runs a command line and
// hears what it prints. Then it is gone, and what it heard goes to the window behind a line "[heard]".
//
// <how>: mine  only the second client hears it
//        all   every client hears it
//        deaf  every client hears it, and the second one's callback fails
//        mute  the second client has no callbacks and is the only one that could hear it
#define CINTERFACE
#define INITGUID
#include <windows.h>
#include <dbgeng.h>

#define MOST (1 << 20)
#define PIECE 4096 // far less than the engine puts out in one call

static char heard[MOST];
static size_t length;
static HRESULT answer;

static HRESULT WINAPI query(IDebugOutputCallbacks *self, REFIID id, void **object)
{
    if (!IsEqualIID(id, &IID_IUnknown) && !IsEqualIID(id, &IID_IDebugOutputCallbacks)) {
        *object = NULL;
        return E_NOINTERFACE;
    }
    *object = self;
    return S_OK;
}

static ULONG WINAPI same(IDebugOutputCallbacks *self)
{
    (void)self;
    return 1;
}

static HRESULT WINAPI hear(IDebugOutputCallbacks *self, ULONG mask, const char *text)
{
    size_t size = strlen(text);
    (void)self;
    (void)mask;
    if (size < MOST - length) {
        memcpy(heard + length, text, size);
        length += size;
    }
    return answer;
}

static IDebugOutputCallbacksVtbl calls = { query, same, same, hear };
static IDebugOutputCallbacks callbacks = { &calls };

static BOOL is(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static HRESULT run(IDebugClient *client, const char *how)
{
    const char *command = strchr(how, ' ');
    ULONG whom = is(how, "mine") || is(how, "mute") ? DEBUG_OUTCTL_THIS_CLIENT : DEBUG_OUTCTL_ALL_CLIENTS;
    IDebugControl *control;
    HRESULT result = client->lpVtbl->QueryInterface(client, &IID_IDebugControl, (void **)&control);
    if (result != S_OK || !command)
        return E_INVALIDARG;
    length = 0;
    answer = is(how, "deaf") ? E_FAIL : S_OK;
    if (!is(how, "mute"))
        client->lpVtbl->SetOutputCallbacks(client, &callbacks);
    result = control->lpVtbl->Execute(control, whom, command + 1, DEBUG_EXECUTE_NOT_LOGGED);
    client->lpVtbl->SetOutputCallbacks(client, NULL);
    control->lpVtbl->Release(control);
    return result;
}

HRESULT CALLBACK overhear(IDebugClient *window, const char *text)
{
    IDebugClient *client;
    IDebugControl *control;
    HRESULT result = window->lpVtbl->CreateClient(window, &client);
    if (result != S_OK)
        return result;
    result = run(client, text);
    client->lpVtbl->Release(client);
    if (window->lpVtbl->QueryInterface(window, &IID_IDebugControl, (void **)&control) != S_OK)
        return E_FAIL;
    control->lpVtbl->Output(control, DEBUG_OUTPUT_NORMAL, "[heard]\n");
    for (size_t at = 0; at < length; at += PIECE)
        control->lpVtbl->Output(control, DEBUG_OUTPUT_NORMAL, "%.*s", (int)min(PIECE, length - at), heard + at);
    control->lpVtbl->Release(control);
    return result;
}

HRESULT CALLBACK DebugExtensionInitialize(ULONG *version, ULONG *flags)
{
    *version = DEBUG_EXTENSION_VERSION(1, 0);
    *flags = 0;
    return S_OK;
}
