#Requires -Version 5.1
<#
.SYNOPSIS
Takes away what install.ps1 copied. Other extensions stay.
#>
$ErrorActionPreference = 'Stop'
$target = Join-Path $env:LOCALAPPDATA 'Dbg'
$installed = 'EngineExtensions\LockLeak.dll', 'EngineExtensions\LockLeak.pdb', 'UserExtensions\LockLeak' |
    ForEach-Object { Join-Path $target $_ } |
    Where-Object { Test-Path $_ }
if (-not $installed) {
    "LockLeak is not installed in $target."
    return
}

try {
    $installed | ForEach-Object { Remove-Item $_ -Recurse -Force }
}
catch [System.UnauthorizedAccessException], [System.IO.IOException] {
    throw "LockLeak cannot be removed; if a debugger has it loaded, close it and try again. ($_)"
}

"LockLeak is no longer installed in $target."
