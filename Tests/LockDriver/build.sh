#!/bin/sh
# Cross-compiles LockDriver.sys with clang and lld against the headers of MinGW-w64 (apt: clang-19 llvm-19 lld-19 gcc-mingw-w64-x86-64).
# On Windows use LockDriver.vcxproj and the WDK.
# Usage: build.sh <folder for LockDriver.sys, .pdb and .map>
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$1"
cd "$1"
mingw=/usr/x86_64-w64-mingw32

for source in LockDriver Situations; do
    # The headers bring inline functions along that each file gets of its own, and a warning about a header of theirs.
    clang-19 --target=x86_64-w64-windows-gnu -Os -g -gcodeview -ffreestanding -fno-stack-protector -mno-sse -fasynchronous-unwind-tables \
        -isystem $mingw/include/ddk -isystem $mingw/include -Wall -Wextra -Werror '-Wno-#warnings' -c "$here/$source.c" -o $source.obj
done

# What the import library of MinGW-w64 lacks.
llvm-dlltool-19 -m i386:x86-64 -d "$here/ntoskrnl.def" -l ntoskrnl-more.lib
lld-link-19 /nologo /Brepro /debug /pdbaltpath:LockDriver.pdb /map:LockDriver.map /out:LockDriver.sys /entry:DriverEntry /subsystem:native /driver /release \
    /nodefaultlib /force:multiple LockDriver.obj Situations.obj ntoskrnl-more.lib $mingw/lib/libntoskrnl.a 2>messages.txt || { cat messages.txt >&2; exit 1; }
