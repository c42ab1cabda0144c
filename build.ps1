# Builds, runs and tests LockLeak: .\build.ps1 -h lists the verbs. They are written in C#, in Build/.
Set-Location $PSScriptRoot
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Error 'build: please install the .NET SDK 10 (https://dot.net), then try again'
    exit 2
}
# A first use of dotnet greets, and as an ordinary user says that it cannot look after workloads, of which there are none here.
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK = '1'
dotnet run --project Build --verbosity quiet -- @args
exit $LASTEXITCODE
