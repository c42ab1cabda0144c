/* Start-up of a console program, in front of NativeAOT's wmain. The calls are the UCRT's (learn: "Internal CRT globals
 * and functions", corecrt_startup.h of the Windows SDK). */

typedef unsigned short wchar;

#define CONSOLE_APP 1          /* _crt_console_app */
#define UNEXPANDED_ARGUMENTS 1 /* _crt_argv_unexpanded_arguments */

int run_initialisers(void); /* crt.c */
int wmain(int argc, wchar **argv);

void _set_app_type(int type);
int _configure_wide_argv(int mode);
int *__p___argc(void);
wchar ***__p___wargv(void);
__attribute__((noreturn)) void exit(int code);

void wmainCRTStartup(void)
{
    _set_app_type(CONSOLE_APP);
    if (_configure_wide_argv(UNEXPANDED_ARGUMENTS) != 0 || !run_initialisers())
        exit(255);
    exit(wmain(*__p___argc(), *__p___wargv()));
}
