#!/usr/bin/env bash
# Builds, runs and tests LockLeak: ./build.sh -h lists the verbs. They are written in C#, in Build/.
set -euo pipefail
if ! command -v dotnet > /dev/null; then
    echo "build: please install the .NET SDK 10 (https://dot.net), then try again" >&2
    exit 2
fi
# dotnet looks for global.json where it is started; files that were named are looked for where the user is.
export LOCKLEAK_CALLED_FROM=$PWD
cd "$(dirname "$(readlink -f "$0")")"
# A first use of dotnet greets, and as an ordinary user says that it cannot look after workloads, of which there are none here.
export DOTNET_NOLOGO=1 DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK=1
exec dotnet run --project Build --verbosity quiet -- "$@"
