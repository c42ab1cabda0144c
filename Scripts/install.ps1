<#
.SYNOPSIS
Installs LockLeak for this user.

.DESCRIPTION
Copies the extension to %LOCALAPPDATA%\Dbg\EngineExtensions, where .load looks for it, and what tells the debugger of its
commands to %LOCALAPPDATA%\Dbg\UserExtensions\LockLeak, so that !lockleak loads it. The files of this folder lose the mark that
Windows gives to what comes from the web, so that they run. uninstall.ps1 takes both away.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File install.ps1
#>
#Requires -Version 5.1
$ErrorActionPreference = 'Stop'
if (-not $env:LOCALAPPDATA) {
    throw 'There is no %LOCALAPPDATA% here: LockLeak is for the debuggers of Windows.'
}

$target = Join-Path $env:LOCALAPPDATA 'Dbg'
foreach ($folder in 'EngineExtensions', 'UserExtensions') {
    $from = Join-Path $PSScriptRoot $folder
    if (-not (Test-Path -LiteralPath $from)) {
        throw "$from is not there: unpack all of LockLeak.zip, then run install.ps1 in that folder."
    }
}

# Of the machine; PROCESSOR_ARCHITEW6432 where this PowerShell itself is another's.
$machine = if ($env:PROCESSOR_ARCHITEW6432) { $env:PROCESSOR_ARCHITEW6432 } else { $env:PROCESSOR_ARCHITECTURE }
if ($machine -eq 'x86') {
    throw 'This Windows is a 32-bit one, and LockLeak is for 64-bit debuggers.'
}

Get-ChildItem -LiteralPath $PSScriptRoot -Recurse -File | Unblock-File
[void](New-Item -ItemType Directory -Force $target)
foreach ($folder in 'EngineExtensions', 'UserExtensions') {
    try {
        Copy-Item -LiteralPath (Join-Path $PSScriptRoot $folder) -Destination $target -Recurse -Force
    }
    catch [System.IO.IOException] {
        throw "LockLeak cannot be copied; if a debugger has it loaded, close it and try again. ($_)"
    }
}

"LockLeak is installed in $target. Open a kernel dump in WinDbg and type !lockleak."
if ($machine -eq 'ARM64' -and -not (Test-Path -LiteralPath (Join-Path $PSScriptRoot 'EngineExtensions\arm64\LockLeak.dll'))) {
    'This package has no extension for the ARM64 debugger: use the x64 one, or get a package that has.'
}
