#!/usr/bin/env bash
# Asks every dump in a folder who leaked, owns or waits for kernel locks, and prints a table in Markdown: a row for each
# finding, one for a dump without findings and one for a dump that could not be read. Needs jq.
#
#   triage.sh <folder> [options of lockleak, such as -y <symbol path>]
#
# LOCKLEAK is the program, if it is not on the PATH. Exit code: the worst of the dumps; 0 nothing found, 1 something found,
# 2 could not be read, or no dump was there to read.
set -uo pipefail
shopt -s nullglob nocaseglob # MEMORY.DMP

if [[ $# -eq 0 || ! -d $1 ]]; then
    echo "usage: triage.sh <folder> [options of lockleak]" >&2
    exit 2
fi

folder=$1
shift
# A table that is empty because nothing was looked at must not look like one that is empty because all is well.
for program in "${LOCKLEAK:=lockleak}" jq; do
    if ! command -v "$program" > /dev/null; then
        echo "triage: there is no program $program" >&2
        exit 2
    fi
done
dumps=("$folder"/*.dmp)
if ((${#dumps[@]} == 0)); then
    echo "triage: there are no *.dmp files in $folder" >&2
    exit 2
fi

worst=0
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

echo '| dump | bug check | finding | certainty | thread | lock | waiters | message |'
echo '| --- | --- | --- | --- | --- | --- | --- | --- |'
for dump in "${dumps[@]}"; do
    json=$("$LOCKLEAK" -z "$dump" "$@" -json 2> "$errors")
    code=$?
    if [[ $json != {* ]]; then json=null code=2; fi
    if ((code > 1)); then code=2; fi
    if ((code > worst)); then worst=$code; fi
    jq --raw-output --arg dump "${dump##*/}" --argjson code "$code" --rawfile errors "$errors" '
        if . == null or $code > 1 then [$dump, null, "could not be read", null, null, null, null, (.error.message // ($errors | rtrimstr("\n") | split("\n") | last))]
        else (.target.bugCheck.code) as $bugCheck
            | if .findings == [] and .complete then [$dump, $bugCheck, "none", null, null, null, null, null]
              elif .findings == [] then [$dump, $bugCheck, "none seen", null, null, null, null, .notes[0]]
              else .findings[] | [$dump, $bugCheck, .kind, .certainty, .thread, .lock, (.waiters | length), .message] end
        end
        | "| " + (map(. // "" | tostring | gsub("\\s+"; " ") | sub(" $"; "") | gsub("(?<mark>[|`])"; "\\\(.mark)")) | join(" | ")) + " |"' <<< "$json"
done

exit "$worst"
