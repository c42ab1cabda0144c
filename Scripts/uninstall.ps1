<#
.SYNOPSIS
Takes away what install.ps1 copied. Other extensions stay.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File uninstall.ps1
#>
#Requires -Version 5.1
$ErrorActionPreference = 'Stop'
if (-not $env:LOCALAPPDATA) {
    throw 'There is no %LOCALAPPDATA% here: LockLeak is for the debuggers of Windows.'
}

$target = Join-Path $env:LOCALAPPDATA 'Dbg'
$installed = 'EngineExtensions\LockLeak.dll', 'EngineExtensions\LockLeak.pdb', 'EngineExtensions\arm64\LockLeak.dll', 'EngineExtensions\arm64\LockLeak.pdb', 'UserExtensions\LockLeak' |
    ForEach-Object { Join-Path $target $_ } |
    Where-Object { Test-Path -LiteralPath $_ }
if (-not $installed) {
    "LockLeak is not installed in $target."
    return
}

try {
    $installed | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }
    # Made by install.ps1; somebody else may have put something there too.
    $arm64 = Join-Path $target 'EngineExtensions\arm64'
    if ((Test-Path -LiteralPath $arm64) -and -not (Get-ChildItem -LiteralPath $arm64)) {
        Remove-Item -LiteralPath $arm64
    }
}
catch [System.UnauthorizedAccessException], [System.IO.IOException] {
    throw "LockLeak cannot be removed; if a debugger has it loaded, close it and try again. ($_)"
}

"LockLeak is no longer installed in $target."
