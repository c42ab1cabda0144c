/*
 * The functions of the Visual C++ run-time library that the objects of NativeAOT for win-x64 refer to, for links on
 * Linux, where that library is not to be had. Everything else they want is exported by Windows itself: by the UCRT
 * (ucrt.lib of the Windows SDK) or by ntdll (ntdll.def). A symbol is here because lld-link reported it as undefined;
 * "learn" below is the vendor's page of that name in the C++ documentation.
 *
 * Compiled by gcc for mingw without any of its headers, libraries and start-up code.
 */

typedef unsigned int u32;
typedef unsigned long long u64;
typedef void (*function)(void);

#define SECTION(name) __attribute__((section(name), used))
#define THREAD_ATTACH 2

/* ---- Initialisers -------------------------------------------------------------------------------------------------
 * learn: "CRT initialization". Objects put pointers to their initialisers into sections .CRT$X??; the linker sorts these
 * by name, so that two empty entries, A and Z, mark the ends of each list: XI for C (a result other than 0 is a
 * failure), XC for C++, XD for the thread-local variables of C++. */

SECTION(".CRT$XIA") static const function first_c;
SECTION(".CRT$XIZ") static const function last_c;
SECTION(".CRT$XCA") static const function first_cpp;
SECTION(".CRT$XCZ") static const function last_cpp;
SECTION(".CRT$XDA") static const function first_thread_local;
SECTION(".CRT$XDZ") static const function last_thread_local;

int _initterm_e(const function *first, const function *last); /* both from the UCRT; they skip empty entries */
void _initterm(const function *first, const function *last);

int run_initialisers(void)
{
    if (_initterm_e(&first_c, &last_c) != 0)
        return 0;
    _initterm(&first_cpp, &last_cpp);
    return 1;
}

/* ---- Thread-local storage -----------------------------------------------------------------------------------------
 * The PE format: sections .tls* are the template of each thread's block, between the first and the last name in order.
 * The linker makes the TLS directory from the symbol _tls_used; the loader writes the module's index to _tls_index. */

SECTION(".tls")     static char template_start;
SECTION(".tls$")    char __tls_guard; /* per thread: its initialisers have run. Objects test it before they call us. */
SECTION(".tls$ZZZ") static char template_end;

u32 _tls_index;

void __dyn_tls_init(void *module, u32 reason, void *reserved);
typedef void (*tls_callback)(void *module, u32 reason, void *reserved);
SECTION(".CRT$XLA") static const tls_callback first_callback;
SECTION(".CRT$XLC") static const tls_callback init_callback = __dyn_tls_init;
SECTION(".CRT$XLZ") static const tls_callback last_callback;

struct tls_directory /* IMAGE_TLS_DIRECTORY64 */
{
    const void *start, *end;
    u32 *index;
    const tls_callback *callbacks;
    u32 zero_fill, characteristics;
};
const struct tls_directory _tls_used = { &template_start, &template_end, &_tls_index, &init_callback, 0, 0 };

/* gcc for mingw emulates thread-local variables, so the real one is found by hand: TEB.ThreadLocalStoragePointer. */
static char *guard_of_this_thread(void)
{
    char **blocks;
    __asm__("movq %%gs:0x58, %0" : "=r"(blocks));
    u64 start = (u64)&template_start, guard = (u64)&__tls_guard;
    return blocks[_tls_index] + (guard - start);
}

/* Called by the loader as each new thread starts ... */
void __dyn_tls_init(void *module, u32 reason, void *reserved)
{
    (void)module, (void)reserved;
    char *guard = guard_of_this_thread();
    if (reason != THREAD_ATTACH || *guard)
        return;
    *guard = 1;
    _initterm(&first_thread_local, &last_thread_local);
}

/* ... and by the objects, on threads that are older than this module. */
void __dyn_tls_on_demand_init(void)
{
    __dyn_tls_init(0, THREAD_ATTACH, 0);
}

/* ---- Checks that end the process ----------------------------------------------------------------------------------
 * learn: "/GS (Buffer Security Check)", "__fastfail"; the codes are FAST_FAIL_* of winnt.h. */

static __attribute__((noreturn)) void fast_fail(u32 code)
{
    __asm__ volatile("int $0x29" : : "c"(code));
    __builtin_unreachable();
}

/* The value that functions put under their return address. Constant here: it finds overruns, it does not stop attacks. */
const u64 __security_cookie = 0x00002B992DDFA232;

__attribute__((noreturn)) void report_overrun(void) { fast_fail(2); }          /* from __security_check_cookie in crt.S */
__attribute__((noreturn)) void __report_rangecheckfailure(void) { fast_fail(8); }
__attribute__((noreturn)) int _purecall(void) { fast_fail(7); }                /* a pure virtual function was called */

/* Exception handler of the frames that have a cookie and nothing else: 1 is ExceptionContinueSearch. Microsoft's also
 * checks the cookie while an exception passes; an ordinary return checks it in any case. */
int __GSHandlerCheck(void *record, void *frame, void *context, void *dispatcher)
{
    (void)record, (void)frame, (void)context, (void)dispatcher;
    return 1;
}

/* ---- Memory and the end of the process ---------------------------------------------------------------------------- */

void *malloc(u64 size);
void free(void *block);
int _crt_atexit(function f);

/* operator new and delete; crt.S gives them their C++ names. NativeAOT uses the variants of new that do not throw. */
void *new_memory(u64 size) { return malloc(size); }
void delete_memory(void *block) { free(block); }

/* Microsoft's keeps a list per DLL, run when the DLL is unloaded. A NativeAOT DLL is never unloaded. */
int atexit(function f) { return _crt_atexit(f); }

/* The compiler marks objects that use floating point with a reference to this symbol. */
const int _fltused = 1;
