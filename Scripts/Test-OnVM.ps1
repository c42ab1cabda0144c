<#
.SYNOPSIS
Proves LockLeak right or wrong on a real Windows: puts a Hyper-V virtual machine into known situations with locks and compares what !lockleak says.

.DESCRIPTION
For each situation of Tests\LockDriver\situations.json: takes the machine back to a checkpoint, copies LockDriver.sys into it by PowerShell
Direct and starts it with that situation, attaches lockleak to the pipe of its serial port, and compares the findings with what has
to be found. Kernels say many things twice: whether they agree with themselves there (!lockleak -check) counts as well. The
machine is left as it was.

One object for each situation comes out, and one report with all answers is written to a file: please send it, whatever it says. It has
addresses and the names of processes and drivers, and no contents of memory.

The machine must be one that may break: some situations end in a bug check. It needs kernel debugging through a serial port
(docs/hyper-v.md says how to set it up), test signing (bcdedit /set testsigning on, Secure Boot off), and its administrator's
credential. LockDriver.sys must be signed with a certificate that the machine trusts; Tests\LockDriver\README.md says how it is built
and signed. Run this as a Hyper-V administrator.

.EXAMPLE
.\Scripts\Test-OnVM.ps1 -VMName vm1 -Credential (Get-Credential vm1\Administrator) -Driver .\LockDriver.sys -SymbolPath 'srv*C:\Symbols*https://msdl.microsoft.com/download/symbols'

.EXAMPLE
.\Scripts\Test-OnVM.ps1 -VMName vm1 -Credential $credential -Driver .\LockDriver.sys -Situation leak, deadlock-two | Format-Table
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    # Name of the virtual machine.
    [Parameter(Mandatory, Position = 0)]
    [string] $VMName,

    # An administrator of the virtual machine.
    [Parameter(Mandatory)]
    $Credential,

    # LockDriver.sys. Without it the WDK builds it: msbuild has to be on the PATH.
    [string] $Driver,

    # Names of situations; without it all.
    [string[]] $Situation,

    # Number of the serial port that the machine is debugged through.
    [ValidateRange(1, 2)]
    [int] $ComPort = 1,

    # Where to look for symbols; without it _NT_SYMBOL_PATH.
    [string] $SymbolPath,

    # lockleak.exe. Without it: the one beside this script, else the one that build.ps1 made, else the one on the PATH.
    [string] $Lockleak,

    # How long the machine may take to start, and how long it runs in a situation before it is asked; seconds.
    [int] $StartSeconds = 300,
    [int] $SettleSeconds = 5,

    # How long the machine may owe lockleak an answer: 30s, 5m.
    [string] $Timeout = '2m',

    # The report.
    [string] $Report = "lockleak-$VMName.json"
)

$ErrorActionPreference = 'Stop'
$checkpoint = 'Before LockLeak'

if (-not $Lockleak) {
    $places = @('lockleak.exe', '..\artifacts\win-x64\lockleak.exe' | ForEach-Object { Join-Path $PSScriptRoot $_ })
    $Lockleak = @($places | Where-Object { Test-Path -LiteralPath $_ -PathType Leaf }) + 'lockleak' | Select-Object -First 1
}

$sources = Join-Path (Join-Path (Join-Path $PSScriptRoot '..') 'Tests') 'LockDriver'
$known = Get-Content -LiteralPath (Join-Path $sources 'situations.json') -Raw | ConvertFrom-Json
$unknown = @($Situation | Where-Object { $_ -and $known.name -notcontains $_ })
if ($unknown) { throw "There is no situation $($unknown -join ', '). There are: $($known.name -join ', ')." }
$wanted = @($known | Where-Object { -not $Situation -or $Situation -contains $_.name })

if (-not $Driver) {
    msbuild (Join-Path $sources 'LockDriver.vcxproj') -p:Configuration=Release -p:Platform=x64 | Out-Null
    if ($LASTEXITCODE) { throw 'LockDriver.vcxproj does not build. It needs the Windows Driver Kit; or give a driver with -Driver.' }
    $Driver = Join-Path $sources 'x64\Release\LockDriver.sys'
}
if (-not (Test-Path -LiteralPath $Driver -PathType Leaf)) { throw "There is no driver $Driver." }

$port = Get-VMComPort -VMName $VMName -Number $ComPort
if (-not $port.Path) {
    throw "COM$ComPort of $VMName has no named pipe. Turn the machine off and run: Set-VMComPort -VMName $VMName -Number $ComPort -Path \\.\pipe\$VMName"
}

# Waits until the machine takes commands.
function Connect-Machine {
    $limit = (Get-Date).AddSeconds($StartSeconds)
    while ($true) {
        try { return New-PSSession -VMName $VMName -Credential $Credential }
        catch {
            if ((Get-Date) -gt $limit) { throw "$VMName took no PowerShell Direct session within $StartSeconds s: $_" }
            Start-Sleep -Seconds 2
        }
    }
}

# Puts the machine into a situation; what goes wrong on it is an error here.
function Start-Situation($session, $one) {
    Copy-Item -LiteralPath $Driver -Destination 'C:\LockDriver.sys' -ToSession $session -Force
    Invoke-Command -Session $session -ArgumentList @($one.name, [bool]$one.stop, [bool]$one.open) -ScriptBlock {
        param($name, $stop, $open)
        function Invoke-Tool { $said = & $args[0] @($args | Select-Object -Skip 1) 2>&1 | Out-String; if ($LASTEXITCODE) { throw "$args failed: $said" } }
        Invoke-Tool sc.exe create LockDriver type= kernel start= demand binPath= C:\LockDriver.sys
        Invoke-Tool reg.exe add HKLM\SYSTEM\CurrentControlSet\Services\LockDriver /v Situation /d $name /f
        Invoke-Tool sc.exe start LockDriver
        if ($stop) { Invoke-Tool sc.exe stop LockDriver }
        if ($open) {
            $kernel32 = Add-Type -Namespace LockLeak -Name Native -PassThru -MemberDefinition '[DllImport("kernel32.dll", CharSet = CharSet.Unicode)] public static extern System.IntPtr CreateFileW(string name, uint access, uint share, System.IntPtr security, uint how, uint flags, System.IntPtr template);'
            if ($kernel32::CreateFileW('\\.\LockDriver', 0, 7, [IntPtr]::Zero, 3, 0, [IntPtr]::Zero) -eq [IntPtr]-1) { throw 'The device of LockDriver cannot be opened.' }
        }
    }
}

# What !lockleak says of the machine as it is.
function Get-Answer {
    $arguments = @('-k', "com:pipe,port=$($port.Path),resets=0,reconnect", '-c', '!lockleak -check', '-json', '--timeout', $Timeout)
    if ($SymbolPath) { $arguments += '-y', $SymbolPath }
    $ErrorActionPreference = 'Continue'
    $line = & $Lockleak @arguments | Select-Object -Last 1
    if (-not $line) { throw "lockleak has given no answer (exit code $LASTEXITCODE)." }
    $line | ConvertFrom-Json
}

# What is wrong with an answer; nothing when it is right. Findings are compared by kind, those of the machine's own threads included:
# a healthy Windows has none.
function Compare-Answer($one, $answer) {
    if ($answer.error) { return "no answer: $($answer.error.message)" }
    $found = @($answer.findings | ForEach-Object { $_.kind } | Sort-Object)
    $expected = @($one.finds | Sort-Object)
    if (($found -join ' ') -ne ($expected -join ' ')) { "found '$($found -join ' ')', expected '$($expected -join ' ')'" }
    if ($one.blocked -and -not @($answer.chains | Where-Object { $_.blocked -eq $one.blocked })) { "no chain with $($one.blocked) blocked threads" }
    foreach ($check in @($answer.checks | Where-Object { $_.disagreed })) { "$($check.name): $($check.disagreed) of $($check.made) disagree: $($check.first -join ' ')" }
}

$results = @()
Checkpoint-VM -Name $VMName -SnapshotName $checkpoint
try {
    foreach ($one in $wanted) {
        $answer = $null
        $wrong = @()
        $session = $null
        try {
            Restore-VMSnapshot -VMName $VMName -Name $checkpoint -Confirm:$false
            Start-VM -Name $VMName
            $session = Connect-Machine
            Start-Situation $session $one
            Start-Sleep -Seconds $SettleSeconds
            $answer = Get-Answer
            $wrong = @(Compare-Answer $one $answer)
        }
        catch { $wrong = @("not tried: $_") }
        finally {
            # A machine that stopped in a bug check has no session any more.
            if ($session) { Remove-PSSession -Session $session -ErrorAction SilentlyContinue }
        }
        $result = [pscustomobject]@{ Situation = $one.name; Passed = -not $wrong; Wrong = $wrong -join '; '; Build = $answer.target.build; Answer = $answer }
        $results += $result
        $result | Select-Object Situation, Passed, Wrong, Build
    }
}
finally {
    Restore-VMSnapshot -VMName $VMName -Name $checkpoint -Confirm:$false
    Remove-VMSnapshot -VMName $VMName -Name $checkpoint
    [pscustomobject]@{ report = 'lockleak-vm/1'; passed = @($results | Where-Object Passed).Count; tried = $results.Count; results = $results } |
        ConvertTo-Json -Depth 20 -Compress | Set-Content -LiteralPath $Report -Encoding UTF8
}
