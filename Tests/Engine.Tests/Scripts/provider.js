"use strict";

// Stands in for WinDbg's JavaScript provider, which does not come with the engine: runs a script with an object `host`
// whose namespace is the data model of a real engine. Commands for the engine go to standard output, one line of JSON
// each, and its answers come on standard input. The last line holds what the script printed and what the expression gave.
//
//   node provider.js <script> <expression>
//
// In the expression the script's function aliases are functions, and its own functions can be called too.

const fs = require("fs");
const vm = require("vm");

const [script, expression] = process.argv.slice(2);
const printed = [];
let received = "";
let variables = 0;

class Int64 {
    constructor(value) {
        this.value = BigInt(value);
    }

    toString(radix) {
        return this.value.toString(radix);
    }

    toJSON() {
        return "0x" + this.toString(16);
    }
}

class Pointer {
    constructor(address) {
        this.address = new Int64(address);
        this.isNull = this.address.value === 0n;
    }

    toJSON() {
        return this.address.toJSON();
    }
}

// Of the documented host object: what it has before initializeScript, and what is added after it.
const host = {
    Int64,
    parseInt64: (text, radix) => new Int64(radix === 16 ? "0x" + text : text),
    apiVersionSupport: class {},
    functionAlias: class {
        constructor(target, name) {
            Object.assign(this, { target, name });
        }
    },
    diagnostics: { debugLog: (...values) => printed.push(...values) },
};
const context = vm.createContext({ host });
vm.runInContext(fs.readFileSync(script, "utf8"), context, { filename: script });
for (const record of context.initializeScript()) {
    if (record instanceof host.functionAlias) {
        context[record.name] = record.target;
    }
}

host.namespace = { Debugger: { State: model("Debugger.State"), Utility: { Control: { ExecuteCommand: lines } } } };
send({ result: vm.runInContext(expression, context), printed: printed.join("") });

function send(value) {
    fs.writeSync(1, JSON.stringify(value) + "\n");
}

function ask(command) {
    send({ command });
    const buffer = Buffer.alloc(1 << 16);
    while (!received.includes("\n")) {
        received += buffer.toString("latin1", 0, fs.readSync(0, buffer));
    }

    const end = received.indexOf("\n");
    const answer = JSON.parse(received.slice(0, end));
    received = received.slice(end + 1);
    return answer;
}

function lines(command) {
    return ask(command).replace(/\n$/, "").split("\n");
}

// An object of the data model, by an expression of dx.
function model(path) {
    return new Proxy(function () {}, {
        get: (_, key) => key === Symbol.iterator ? () => elements(path) : typeof key === "symbol" || key === "toJSON" ? undefined : value(`${path}.${key}`),
        apply: (_target, _this, values) => value(`${path}(${values.map(literal).join(", ")})`),
    });
}

function* elements(path) {
    const count = value(`${path}.Count()`);
    for (let i = 0; i < count; i++) {
        yield value(`${path}[${i}]`);
    }
}

// The value of an expression of dx as a script gets it: strings, numbers and pointers are values, everything else is an
// object. It is kept in a variable, so that what is asked of it later does not compute it again.
function value(path) {
    const name = `@$v${++variables}`;
    const answer = ask(`dx -r0 ${name} = ${path}`).trim();
    if (answer.startsWith("Error: Unable to bind name")) {
        return undefined;
    }

    if (answer.startsWith("Error: ")) {
        throw new Error(answer);
    }

    const shown = answer.slice(`${name} = ${path}`.length).trim().replace(/^: /, "");
    if (/^0x[0-9a-f]+ \[Type: .*\*\]$/.test(shown)) {
        return new Pointer(shown.split(" ")[0]);
    }

    if (/^(0x[0-9a-f]+|-?\d+)$/.test(shown)) {
        return Number.isSafeInteger(Number(shown)) ? Number(shown) : new Int64(shown);
    }

    if (shown === "true" || shown === "false") {
        return shown === "true";
    }

    // A string has a length; an object that shows a line about itself has none. A method shows its help in brackets.
    const isText = shown !== "" && !shown.startsWith("[") && !ask(`dx -r0 ${name}.Length`).trim().startsWith("Error: ");
    return isText ? shown : model(shown.startsWith("[") ? path : name);
}

function literal(argument) {
    const plain = argument instanceof Pointer ? argument.address : argument;
    return typeof plain === "string" ? JSON.stringify(plain) : `0x${plain.toString(16)}`;
}
