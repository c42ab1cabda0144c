"use strict";

// Findings of LockLeak for scripts of the debugger.
//
//   .scriptrun lockleak.js     prints the findings
//   .scriptload lockleak.js    gives dx, and other scripts, these functions:
//       dx @$lockfindings()                   the findings; @$lockfindings("deadlock") those of one kind
//       dx @$lockchain(<thread>)              who the thread waits for, who that one waits for, and so on
//       dx @$lockdot("C:\\temp\\locks.dot")   writes the wait-for graph in the DOT language of Graphviz
//
// LockLeak.dll has to be loaded or installed. Written in ECMAScript 2015, which every script provider of WinDbg knows.

function initializeScript() {
    return [
        new host.apiVersionSupport(1, 3),
        new host.functionAlias(findings, "lockfindings"),
        new host.functionAlias(chain, "lockchain"),
        new host.functionAlias(dot, "lockdot"),
    ];
}

function invokeScript() {
    const graph = lockGraph();
    let number = 0;
    for (const finding of graph.Findings) {
        number++;
        print(`${number}. ${finding.Message} (${finding.Kind}, ${finding.Certainty})`);
        for (const waiter of finding.Waiters) {
            print(`     waiting: ${address(waiter)}`);
        }
    }

    if (number === 0) {
        print(`Nothing found in ${graph.Cost.Threads} threads.`);
    }

    for (const note of graph.Notes) {
        print(`Note: ${note}`);
    }
}

// The findings; with a kind only those of it.
function findings(kind) {
    return Array.from(lockGraph().Findings).filter(finding => kind === undefined || finding.Kind === kind);
}

// The links from a thread to whom it waits for: each with the thread, the lock that it waits for, and an owner of it.
// Ends at a thread that waits for nothing, at a lock without a known owner, or where a deadlock closes.
function chain(thread) {
    const waitsFor = new Map();
    for (const lock of lockGraph().Locks) {
        for (const waiter of lock.Waiters) {
            waitsFor.set(address(waiter.Thread), { Thread: waiter.Thread, Lock: lock.Lock, Kind: lock.Kind, Owner: firstThread(lock.Owners) });
        }
    }

    const links = [];
    let link = waitsFor.get(address(thread));
    while (link !== undefined && links.indexOf(link) < 0) {
        links.push(link);
        link = link.Owner === undefined ? undefined : waitsFor.get(address(link.Owner));
    }

    return links;
}

// Writes the wait-for graph to a file.
function dot(file) {
    fromJson(run(`!lockleak -dot "${file}" -json`));
    return file;
}

// What dx @$lockgraph() gives. A debugger that knows the extension but has not loaded it yet (kd -a LockLeak) does not
// know the function: then the answer is made of the JSON of the command, which loads it, in the same form.
function lockGraph() {
    const functions = host.namespace.Debugger.State.FunctionAliases;
    return functions.lockgraph === undefined ? fromJson(run("!lockleak -a -json")) : functions.lockgraph();
}

function fromJson(text) {
    if (!text.startsWith("{")) {
        throw new Error(`!lockleak did not answer: ${text}`);
    }

    return JSON.parse(text, (key, value) => {
        if (typeof value === "string" && /^0x[0-9a-f]{16}$/.test(value)) {
            return host.parseInt64(value.slice(2), 16);
        }

        return value !== null && typeof value === "object" && !Array.isArray(value) ? withCapitals(value) : value;
    });
}

// { waitReason } -> { WaitReason }: the data model's names.
function withCapitals(value) {
    const result = {};
    for (const key of Object.keys(value)) {
        result[key[0].toUpperCase() + key.slice(1)] = value[key];
    }

    return result;
}

function firstThread(owners) {
    for (const owner of owners) {
        return owner.Thread;
    }

    return undefined;
}

// Hexadecimal digits of a pointer or a number: what two values for the same thing have in common. A waiter whose thread is
// not known has none.
function address(value) {
    return value === null ? "0" : (value.address === undefined ? value : value.address).toString(16);
}

function run(command) {
    return Array.from(host.namespace.Debugger.Utility.Control.ExecuteCommand(command)).join("\n");
}

function print(line) {
    host.diagnostics.debugLog(line + "\n");
}
