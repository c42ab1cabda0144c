#!/usr/bin/env bash
# Builds, runs and tests LockLeak: ./build.sh -h lists the verbs. They are written in C#, in Build/.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v dotnet > /dev/null; then
    echo "build: please install the .NET SDK 10 (https://dot.net), then try again" >&2
    exit 2
fi
export DOTNET_NOLOGO=1
exec dotnet run --project Build --verbosity quiet -- "$@"
