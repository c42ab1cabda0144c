#Requires -Version 5.1
<#
.SYNOPSIS
Installs LockLeak for this user.
.DESCRIPTION
Copies the extension to %LOCALAPPDATA%\Dbg\EngineExtensions, where .load looks for it, and what tells the debugger of its
commands to %LOCALAPPDATA%\Dbg\UserExtensions\LockLeak, so that !lockleak loads it. uninstall.ps1 takes both away.
.EXAMPLE
powershell -ExecutionPolicy Bypass -File install.ps1
#>
$ErrorActionPreference = 'Stop'
if (-not $env:LOCALAPPDATA) {
    throw 'There is no %LOCALAPPDATA% here: LockLeak is for the debuggers of Windows.'
}

$target = Join-Path $env:LOCALAPPDATA 'Dbg'
foreach ($folder in 'EngineExtensions', 'UserExtensions') {
    $from = Join-Path $PSScriptRoot $folder
    if (-not (Test-Path $from)) {
        throw "$from is not there: unpack all of LockLeak.zip, then run install.ps1 in that folder."
    }
}

[void](New-Item -ItemType Directory -Force $target)
foreach ($folder in 'EngineExtensions', 'UserExtensions') {
    try {
        Copy-Item (Join-Path $PSScriptRoot $folder) $target -Recurse -Force
    }
    catch [System.IO.IOException] {
        throw "LockLeak cannot be copied; if a debugger has it loaded, close it and try again. ($_)"
    }
}

"LockLeak is installed in $target. Open a kernel dump in WinDbg and type !lockleak."
