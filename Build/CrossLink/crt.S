/* What crt.c cannot say in C: functions that may not touch registers that C would use. */

    .text

/* learn: "/GS": rcx = the cookie as it is now; every other register belongs to the caller. */
    .globl  __security_check_cookie
__security_check_cookie:
    cmpq    __security_cookie(%rip), %rcx
    jne     report_overrun
    ret

/* learn: "/guard (Enable Control Flow Guard)": objects call the function in rax through this pointer. Where the guard is
   off, the loader leaves it as it is. */
dispatch:
    jmp     *%rax

    .section .rdata, "dr"
    .balign 8
    .globl  __guard_dispatch_icall_fptr
__guard_dispatch_icall_fptr:
    .quad   dispatch

/* operator new(size, nothrow), new[](size, nothrow), delete(block, size), delete[](block) and std::nothrow. */
    .macro  decorated name, function
    .globl  "\name"
"\name":
    jmp     \function
    .endm

    .text
    decorated "??2@YAPEAX_KAEBUnothrow_t@std@@@Z", new_memory
    decorated "??_U@YAPEAX_KAEBUnothrow_t@std@@@Z", new_memory
    decorated "??3@YAXPEAX_K@Z", delete_memory
    decorated "??_V@YAXPEAX@Z", delete_memory

    .section .rdata, "dr"
    .globl  "?nothrow@std@@3Unothrow_t@1@B"
"?nothrow@std@@3Unothrow_t@1@B":
    .byte   0
