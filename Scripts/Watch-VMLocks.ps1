<#
.SYNOPSIS
Watches a Hyper-V virtual machine for kernel locks that leak or get stuck.

.DESCRIPTION
Finds the named pipe of the machine's serial port and runs "lockleak -k ... --watch" on it. Each thing that comes up
is one object: a thread that ended with a lock, a deadlock, a thread that has waited too long for the same lock. The
machine is stopped for a moment at each look and runs in between. Ctrl+C ends the watch and leaves it running.

docs/hyper-v.md says how to prepare the machine. Run this as a Hyper-V administrator.

.EXAMPLE
.\Scripts\Watch-VMLocks.ps1 -VMName vm1 -SymbolPath 'srv*C:\Symbols*https://msdl.microsoft.com/download/symbols'

.EXAMPLE
.\Scripts\Watch-VMLocks.ps1 -VMName vm1 -Every 5m -Stuck 1m | Tee-Object -FilePath locks.log
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    # Name of the virtual machine.
    [Parameter(Mandatory, Position = 0)]
    [string] $VMName,

    # Number of the serial port that the machine is debugged through.
    [ValidateRange(1, 2)]
    [int] $ComPort = 1,

    # How long the machine runs between two looks: 30s, 5m.
    [string] $Every = '30s',

    # From when on a wait for the same lock is reported.
    [string] $Stuck = '10s',

    # How long the machine may be silent before the watch gives up; without it as lockleak has it.
    [string] $Timeout,

    # Where to look for symbols; without it _NT_SYMBOL_PATH.
    [string] $SymbolPath,

    # lockleak.exe. Without it: the one beside this script, else the one that build.ps1 made, else the one on the PATH.
    [string] $Lockleak
)

$ErrorActionPreference = 'Stop'

if (-not $Lockleak) {
    $places = @('lockleak.exe', '..\artifacts\win-x64\lockleak.exe' | ForEach-Object { Join-Path $PSScriptRoot $_ })
    $Lockleak = @($places | Where-Object { Test-Path -LiteralPath $_ -PathType Leaf }) + 'lockleak' | Select-Object -First 1
}

if (-not (Test-Path -LiteralPath $Lockleak -PathType Leaf) -and -not (Get-Command $Lockleak -CommandType Application -ErrorAction SilentlyContinue)) {
    throw "There is no program $Lockleak. Say where lockleak.exe is with -Lockleak."
}

$port = Get-VMComPort -VMName $VMName -Number $ComPort
if (-not $port.Path) {
    throw "COM$ComPort of $VMName has no named pipe. Turn the machine off and run: Set-VMComPort -VMName $VMName -Number $ComPort -Path \\.\pipe\$VMName"
}

$arguments = @('-k', "com:pipe,port=$($port.Path),resets=0,reconnect", '--watch', $Every, '--stuck', $Stuck, '-json')
if ($Timeout) { $arguments += '--timeout', $Timeout }
if ($SymbolPath) { $arguments += '-y', $SymbolPath }

# What lockleak says on its way goes to standard error and so to the console; its findings become objects. Windows
# PowerShell takes standard error for an error where the caller redirects it: no reason to stop.
$ErrorActionPreference = 'Continue'
& $Lockleak @arguments | ForEach-Object { $_ | ConvertFrom-Json }

if ($LASTEXITCODE -eq 2) {
    throw "lockleak could not watch $VMName; the line above says why."
}
