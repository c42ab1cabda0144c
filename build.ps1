# Builds, runs and tests LockLeak: .\build.ps1 -h lists the verbs. They are written in C#, in Build/.
Set-Location $PSScriptRoot
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Error 'build: please install the .NET SDK 10 (https://dot.net), then try again'
    exit 2
}
$env:DOTNET_NOLOGO = '1'
dotnet run --project Build --verbosity quiet -- @args
exit $LASTEXITCODE
