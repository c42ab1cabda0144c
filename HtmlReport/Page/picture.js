// Draws a graph as SVG that can be zoomed, moved, and clicked.

function drawGraph(graph, show) {
    const nodes = [...graph.nodes.values()];
    const margin = 24;
    const left = Math.min(...nodes.map(node => node.x)) - nodeWidth / 2 - margin, right = Math.max(...nodes.map(node => node.x)) + nodeWidth / 2 + margin;
    const top = Math.min(...nodes.map(node => node.y)) - nodeHeight / 2 - margin, bottom = Math.max(...nodes.map(node => node.y)) + nodeHeight / 2 + margin;
    const svg = make('svg', { class: 'graph', role: 'group', 'aria-label': 'Who waits for what', width: right - left, height: bottom - top },
        [...graph.edges.values()].filter(edge => graph.nodes.has(edge.from) && graph.nodes.has(edge.to)).map(edge => drawEdge(edge, graph)),
        nodes.map(node => drawNode(node, show)));
    const window = { x: left, y: top, width: right - left, height: bottom - top };
    return make('div', { class: 'picture' }, svg, zoomButtons(svg, window));
}

// The heads of all arrows, once for all pictures.
function arrows() {
    return make('svg', { class: 'arrows', width: 0, height: 0, 'aria-hidden': 'true' }, arrow('arrow'), arrow('arrow-bad'));
}

function arrow(id) {
    return make('marker', { id, viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto-start-reverse' }, make('path', { d: 'M0 0 8 4 0 8z' }));
}

function drawNode(node, show) {
    const [first, second] = node.kind === 'thread' ? threadLines(node.item) : node.kind === 'lock' ? lockLines(node.item) : [`${node.item.threads.length.toLocaleString('en')} more`, 'threads that wait'];
    const open = () => show(node.kind, node.item);
    return make('g', {
        class: `node ${node.kind}${node.bad ? ' bad' : ''}${node.item.terminated ? ' ended' : ''}`, tabindex: 0, role: 'button', 'data-key': node.key,
        transform: `translate(${node.x - nodeWidth / 2} ${node.y - nodeHeight / 2})`,
        onclick: open, onkeydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); open(); } },
    },
        make('title', {}, `${first}, ${second}`),
        make('rect', { width: nodeWidth, height: nodeHeight, rx: node.kind === 'lock' ? 4 : nodeHeight / 2 }),
        make('text', { x: nodeWidth / 2, y: 19, class: 'first' }, shorten(first, 28)),
        make('text', { x: nodeWidth / 2, y: 35, class: 'second' }, shorten(second, 34)));
}

function threadLines(thread) {
    const who = [thread.image, cid(thread)].filter(Boolean).join(' ');
    return [who || address(thread.thread), thread.terminated ? 'ended' : [thread.waitsOn?.kind ?? thread.waitReason, span(thread.waitMilliseconds)].filter(Boolean).join(' ') || thread.state || 'thread'];
}

function lockLines(lock) {
    return [lock.kind && lock.kind !== 'unknown' ? lock.kind : 'lock', lock.symbol ?? address(lock.lock)];
}

// From the border of one node to that of the other.
function drawEdge(edge, graph) {
    const from = graph.nodes.get(edge.from), to = graph.nodes.get(edge.to);
    const start = border(from, to), end = border(to, from);
    const ahead = !edge.bad && end.x - start.x > 30 && Math.abs(end.x - start.x) > Math.abs(end.y - start.y) / 2;
    const bend = (end.x - start.x) / 2;
    const path = ahead ? `M${start.x} ${start.y}C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}` : `M${start.x} ${start.y}L${end.x} ${end.y}`;
    return make('g', { class: `edge${edge.bad ? ' bad' : ''}` },
        make('path', { d: path, 'marker-end': `url(#${edge.bad ? 'arrow-bad' : 'arrow'})` }),
        make('text', { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 - 5 }, edge.word));
}

function border(node, other) {
    const x = other.x - node.x, y = other.y - node.y;
    if (x === 0 && y === 0) return { x: node.x, y: node.y };
    if (Math.abs(x) > nodeWidth) return { x: node.x + Math.sign(x) * nodeWidth / 2, y: node.y };
    const part = Math.min(nodeWidth / 2 / Math.abs(x), nodeHeight / 2 / Math.abs(y));
    return { x: node.x + x * part, y: node.y + y * part };
}

// The wheel with Ctrl, the buttons, and dragging; what is drawn stays sharp.
function zoomButtons(svg, whole) {
    let part = { ...whole };
    const apply = () => svg.setAttribute('viewBox', `${part.x} ${part.y} ${part.width} ${part.height}`);
    const zoom = (factor, x = 0.5, y = 0.5) => {
        const width = Math.min(Math.max(part.width * factor, 80), whole.width * 4), height = width * part.height / part.width;
        part = { x: part.x + (part.width - width) * x, y: part.y + (part.height - height) * y, width, height };
        apply();
    };
    apply();
    svg.addEventListener('wheel', event => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        const box = svg.getBoundingClientRect();
        zoom(event.deltaY < 0 ? 0.85 : 1 / 0.85, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    }, { passive: false });
    svg.addEventListener('pointermove', event => {
        if ((event.buttons & 1) === 0) return;
        const scale = part.width / svg.getBoundingClientRect().width;
        part.x -= event.movementX * scale;
        part.y -= event.movementY * scale;
        apply();
    });
    return make('div', { class: 'zoom' },
        make('button', { type: 'button', title: 'Larger (Ctrl and wheel)', onclick: () => zoom(0.7) }, '+'),
        make('button', { type: 'button', title: 'Smaller', onclick: () => zoom(1 / 0.7) }, '\u2212'),
        make('button', { type: 'button', title: 'All of it', onclick: () => { part = { ...whole }; apply(); } }, '\u25a1'));
}
