<#
.SYNOPSIS
Asks every dump in a folder who leaked, owns or waits for kernel locks.

.DESCRIPTION
One object for each finding, one for a dump without findings, and one for a dump that could not be read. Pipe them to
Format-Table, Export-Csv or ConvertTo-Html. $LASTEXITCODE is the worst of the dumps: 0 nothing found, 1 something found,
2 could not be read, or no dump was there to read.

.PARAMETER Folder
The folder with the dumps: its files *.dmp.

.PARAMETER Options
More options for lockleak, such as '-y', 'srv*C:\symbols*https://msdl.microsoft.com/download/symbols'.

.PARAMETER LockLeak
The program. Without it: lockleak.exe beside this script, else the one that build.ps1 made, else the one on the PATH.

.EXAMPLE
.\triage.ps1 D:\dumps | Format-Table
#>
#Requires -Version 5.1
param(
    [Parameter(Mandatory)] [string] $Folder,
    [string[]] $Options = @(),
    [string] $LockLeak
)

# A table that is empty because nothing was looked at must not look like one that is empty because all is well.
function Stop-Triage([string] $Why) {
    Write-Error "triage: $Why" -ErrorAction Continue
    exit 2
}

if (-not $LockLeak) {
    $places = @('lockleak.exe', '..\artifacts\win-x64\lockleak.exe' | ForEach-Object { Join-Path $PSScriptRoot $_ })
    $LockLeak = @($places | Where-Object { Test-Path -LiteralPath $_ -PathType Leaf }) + 'lockleak' | Select-Object -First 1
}

if (-not (Test-Path -LiteralPath $LockLeak -PathType Leaf) -and -not (Get-Command $LockLeak -CommandType Application -ErrorAction SilentlyContinue)) {
    Stop-Triage "there is no program $LockLeak; say where lockleak.exe is with -LockLeak"
}

if (-not (Test-Path -LiteralPath $Folder -PathType Container)) {
    Stop-Triage "there is no folder $Folder"
}

$dumps = @(Get-ChildItem -LiteralPath $Folder -File | Where-Object { $_.Extension -eq '.dmp' })
if (-not $dumps) {
    Stop-Triage "there are no *.dmp files in $Folder"
}

$worst = 0
foreach ($dump in $dumps) {
    # What comes from standard error is of another type than what comes from standard output.
    $errors, $output = @(& $LockLeak -z $dump.FullName @Options -json 2>&1).Where({ $_ -is [System.Management.Automation.ErrorRecord] }, 'Split')
    $code = $LASTEXITCODE
    $report = $null
    try { $report = $output -join '' | ConvertFrom-Json } catch { $errors += $_ }

    $row = [ordered]@{ Dump = $dump.Name; BugCheck = $null; Finding = $null; Certainty = $null; Thread = $null; Lock = $null; Waiters = $null; Message = $null }
    if ($code -notin 0, 1 -or -not $report.schema) {
        $worst = 2
        $row.Finding = 'could not be read'
        $row.Message = if ($report.error) { $report.error.message } elseif ($errors) { "$($errors[-1])" } else { "lockleak ended with $code" }
        [pscustomobject] $row
        continue
    }

    $worst = [Math]::Max($worst, $code)
    if ($report.target.bugCheck) {
        $row.BugCheck = $report.target.bugCheck.code
    }

    if (-not $report.findings) {
        # What could not be read may hold the leak.
        $row.Finding = if ($report.complete) { 'none' } else { 'none seen' }
        $row.Message = if (-not $report.complete) { @($report.notes)[0] }
        [pscustomobject] $row
    }

    foreach ($finding in $report.findings) {
        $row.Finding = $finding.kind
        $row.Certainty = $finding.certainty
        $row.Thread = $finding.thread
        $row.Lock = $finding.lock
        $row.Waiters = @($finding.waiters).Count
        $row.Message = $finding.message
        [pscustomobject] $row
    }
}

exit $worst
