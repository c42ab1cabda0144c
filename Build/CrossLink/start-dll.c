/* Start-up of a DLL: the linker's default entry point, in front of NativeAOT's DllMain. */

typedef unsigned int u32;

#define PROCESS_ATTACH 1

int run_initialisers(void); /* crt.c */
int DllMain(void *module, u32 reason, void *reserved);

int _DllMainCRTStartup(void *module, u32 reason, void *reserved)
{
    if (reason == PROCESS_ATTACH && !run_initialisers())
        return 0;
    return DllMain(module, reason, reserved);
}
