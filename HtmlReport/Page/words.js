'use strict';

// Makes an element. Strings become text, never markup.
function make(name, properties, ...children) {
    const svg = ['svg', 'g', 'path', 'rect', 'text', 'tspan', 'title', 'marker', 'defs'].includes(name);
    const element = svg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const [key, value] of Object.entries(properties ?? {})) {
        if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
        else if (value === true) element.setAttribute(key, '');
        else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
    }
    element.append(...children.flat(2).filter(child => child !== null && child !== undefined));
    return element;
}

// Addresses as debuggers write them: ffffc788`39108040.
function address(hex) {
    const digits = String(hex).replace(/^0x/, '').padStart(16, '0');
    return `${digits.slice(0, 8)}\`${digits.slice(8)}`;
}

// Process and thread ID in hexadecimal: 4.1928.
function cid(thread) {
    return Number.isFinite(thread.pid) && Number.isFinite(thread.tid) ? `${thread.pid.toString(16)}.${thread.tid.toString(16)}` : '';
}

function span(milliseconds) {
    if (!Number.isFinite(milliseconds)) return '';
    const seconds = Math.floor(milliseconds / 1000);
    if (seconds < 60) return `${seconds}s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
    return `${Math.floor(seconds / 3600)}h${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}m`;
}

function count(number, one, many = `${one}s`) {
    return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

function shorten(text, length) {
    return text.length > length ? `${text.slice(0, length - 1)}\u2026` : text;
}

// A list that may be missing, or be something else.
function list(value) {
    return Array.isArray(value) ? value : [];
}
