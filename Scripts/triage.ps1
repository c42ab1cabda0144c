#Requires -Version 5.1
<#
.SYNOPSIS
Asks every dump in a folder who leaked, owns or waits for kernel locks.
.DESCRIPTION
One object for each finding, one for a dump without findings, and one for a dump that could not be read. Pipe them to
Format-Table, Export-Csv or ConvertTo-Html. $LASTEXITCODE is the worst of the dumps: 0 nothing found, 1 something found,
2 could not be read.
.PARAMETER Folder
The folder with the dumps.
.PARAMETER Options
More options for lockleak, such as '-y', 'srv*C:\symbols*https://msdl.microsoft.com/download/symbols'.
.PARAMETER LockLeak
The program, if it is not on the PATH.
.EXAMPLE
.\triage.ps1 D:\dumps | Format-Table
#>
param(
    [Parameter(Mandatory)] [string] $Folder,
    [string[]] $Options = @(),
    [string] $LockLeak = 'lockleak'
)

$worst = 0
foreach ($dump in Get-ChildItem (Join-Path $Folder '*.dmp')) {
    # What comes from standard error is of another type than what comes from standard output.
    $errors, $output = @(& $LockLeak -z $dump.FullName @Options -json 2>&1).Where({ $_ -is [System.Management.Automation.ErrorRecord] }, 'Split')
    $worst = [Math]::Max($worst, $LASTEXITCODE)
    $row = [ordered]@{ Dump = $dump.Name; BugCheck = $null; Finding = $null; Certainty = $null; Thread = $null; Lock = $null; Waiters = $null; Message = $null }
    if ($LASTEXITCODE -gt 1) {
        $row.Finding = 'could not be read'
        $row.Message = "$($errors[-1])"
        [pscustomobject] $row
        continue
    }

    $report = $output -join '' | ConvertFrom-Json
    if ($report.target.bugCheck) {
        $row.BugCheck = $report.target.bugCheck.code
    }

    if (-not $report.findings) {
        $row.Finding = 'none'
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
