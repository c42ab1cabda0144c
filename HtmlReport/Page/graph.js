// Who waits for what: which threads and locks belong to a finding, and where each is drawn.

// Of the threads that wait for one lock so many are drawn; the others are one node together.
const shownWaiters = 12;
// A picture of more says nothing to anybody.
const mostNodes = 200;
const columnWidth = 300, rowHeight = 64, nodeWidth = 190, nodeHeight = 46;

// Nodes { key, kind: 'thread' | 'lock' | 'more', item } and edges { from, to, word } around threads and locks to begin with.
class Graph {
    constructor(threads, locks) {
        this.threads = threads;
        this.locks = locks;
        this.nodes = new Map();
        this.edges = new Map();
    }

    addThread(key) {
        if (!key || this.nodes.has(key)) return;
        this.nodes.set(key, { key, kind: 'thread', item: this.threads.get(key) ?? { thread: key } });
    }

    addEdge(from, to, word) {
        if (from && to) this.edges.set(`${from} ${to}`, { from, to, word });
    }

    // A lock with its owners and its waiters, and the locks that its owners wait for, and so on.
    addLock(first) {
        const open = [first];
        while (open.length > 0) {
            const key = open.pop();
            if (!key || this.nodes.has(key) || this.nodes.size >= mostNodes) continue;
            const lock = this.locks.get(key) ?? { lock: key };
            this.nodes.set(key, { key, kind: 'lock', item: lock });
            for (const owner of list(lock.owners)) {
                this.addThread(owner.thread);
                this.addEdge(key, owner.thread, 'owned by');
                open.push(this.threads.get(owner.thread)?.waitsFor);
            }
            this.addWaiters(key, list(lock.waiters).map(waiter => ({ key: waiter.thread, word: waiter.mode })).filter(waiter => waiter.key));
        }
    }

    addWaiters(lock, waiters) {
        // Those that others wait for are drawn in any case.
        const important = waiters.filter(waiter => this.nodes.has(waiter.key) || list(this.threads.get(waiter.key)?.entries).some(entry => entry.relation === 'owns'));
        const shown = new Set([...important, ...waiters].slice(0, Math.max(shownWaiters, Math.min(important.length, 40))));
        for (const waiter of shown) {
            this.addThread(waiter.key);
            this.addEdge(waiter.key, lock, waiter.word ? `waits, ${waiter.word}` : 'waits');
        }
        const rest = waiters.filter(waiter => !shown.has(waiter));
        if (rest.length > 0) {
            const key = `more ${lock}`;
            this.nodes.set(key, { key, kind: 'more', item: { lock, threads: rest.map(waiter => waiter.key) } });
            this.addEdge(key, lock, 'wait');
        }
    }

    // A circle is red: its threads and locks in turn.
    markCircle(threads, locks) {
        for (let at = 0; at < threads.length; at++) {
            for (const key of [threads[at], locks[at]]) if (this.nodes.has(key)) this.nodes.get(key).bad = true;
            this.addEdge(threads[at], locks[at], 'waits');
            this.addEdge(locks[at], threads[(at + 1) % threads.length], 'owned by');
            this.edges.get(`${threads[at]} ${locks[at]}`).bad = true;
            this.edges.get(`${locks[at]} ${threads[(at + 1) % threads.length]}`).bad = true;
        }
    }

    // Gives every node its x and y (of its middle). Waiters left, what they wait for right of them; a circle is a circle.
    layOut(circle) {
        const around = circle.filter(key => this.nodes.has(key));
        const ring = around.length > 2 && around.length <= 24 ? around : [];
        const columns = this.columns(new Set(ring));
        const depth = columns.length;
        columns.forEach((column, at) => column.forEach((node, row) => {
            node.x = (at - depth) * columnWidth + columnWidth / 2;
            node.y = (row - (column.length - 1) / 2) * rowHeight;
        }));
        const wide = Math.max(130, ring.length * 52), high = Math.max(80, ring.length * 30);
        ring.forEach((key, at) => {
            const turn = Math.PI + 2 * Math.PI * at / ring.length;
            Object.assign(this.nodes.get(key), { x: wide + nodeWidth + Math.cos(turn) * wide, y: Math.sin(turn) * high });
        });
    }

    // Nodes in columns, so that edges lead to the right: a node's column is how far it is from where all waiting ends.
    columns(ring) {
        const next = new Map(), before = new Map();
        for (const { from, to } of this.edges.values()) {
            if (ring.has(from) || !this.nodes.has(from) || !this.nodes.has(to)) continue;
            (next.get(from) ?? next.set(from, []).get(from)).push(to);
            (before.get(to) ?? before.set(to, []).get(to)).push(from);
        }
        const distance = new Map();
        const left = new Map([...this.nodes.keys()].map(key => [key, (next.get(key) ?? []).length]));
        let ends = [...this.nodes.keys()].filter(key => left.get(key) === 0);
        while (distance.size < this.nodes.size) {
            // Where only circles are left, one of their nodes ends the waiting.
            if (ends.length === 0) ends = [[...this.nodes.keys()].find(key => !distance.has(key))];
            const key = ends.shift();
            if (distance.has(key)) continue;
            distance.set(key, ring.has(key) ? 0 : 1 + Math.max(ring.size > 0 ? 0 : -1, ...(next.get(key) ?? []).filter(other => distance.has(other)).map(other => distance.get(other))));
            for (const other of before.get(key) ?? []) {
                left.set(other, left.get(other) - 1);
                if (left.get(other) === 0) ends.push(other);
            }
        }
        const columns = [];
        for (const [key, far] of distance) if (!ring.has(key)) (columns[ring.size > 0 ? far - 1 : far] ??= []).push(this.nodes.get(key));
        // From right to left, each near the middle of what it leads to.
        const place = new Map();
        for (const column of columns) {
            const middle = node => {
                const rows = (next.get(node.key) ?? []).map(key => place.get(key) ?? 0);
                return rows.length > 0 ? rows.reduce((sum, row) => sum + row, 0) / rows.length : 0;
            };
            column.sort((one, other) => middle(one) - middle(other));
            column.forEach((node, row) => place.set(node.key, row - (column.length - 1) / 2));
        }
        return columns.reverse();
    }
}
