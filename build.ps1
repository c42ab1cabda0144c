# Builds, runs and tests LockLeak: .\build.ps1 -h lists the verbs. They are written in C#, in Build/.
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine('build: please install the .NET SDK 10 (https://dot.net), then try again')
    exit 2
}

# PowerShell has made a list of what has commas in it, such as com:pipe,port=\\.\pipe\vm1,reconnect.
$arguments = @($args | ForEach-Object { $_ -join ',' })
# A first use of dotnet greets, and as an ordinary user says that it cannot look after workloads, of which there are none here.
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK = '1'
# dotnet looks for global.json where it is started; files that were named are looked for where the user is.
$env:LOCKLEAK_CALLED_FROM = (Get-Location -PSProvider FileSystem).ProviderPath
Push-Location -LiteralPath $PSScriptRoot
try {
    dotnet run --project Build --verbosity quiet -- @arguments
}
finally {
    Pop-Location
}

exit $LASTEXITCODE
