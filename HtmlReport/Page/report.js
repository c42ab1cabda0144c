// The page: the answer first, then the evidence, then all that was seen.

const report = JSON.parse(document.getElementById('json').textContent);
const threads = new Map(list(report.threads).map(thread => [thread.thread, thread]));
const locks = new Map(list(report.locks).map(lock => [lock.lock, lock]));
const detail = document.getElementById('detail');

function link(kind, key) {
    if (!key) return null;
    const item = kind === 'thread' ? threads.get(key) : locks.get(key);
    return item ? make('button', { type: 'button', class: 'address', onclick: () => show(kind, item) }, address(key)) : make('code', {}, address(key));
}

function facts(...pairs) {
    return make('dl', {}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
        .map(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
}

function show(kind, item) {
    const content = kind === 'thread' ? threadFacts(item) : kind === 'lock' ? lockFacts(item)
        : [make('h2', {}, count(item.threads.length, 'thread')), make('p', {}, 'that wait for the lock ', link('lock', item.lock)), make('ul', {}, item.threads.map(key => make('li', {}, link('thread', key))))];
    detail.replaceChildren(make('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => { detail.hidden = true; } }, '\u00d7'), ...content);
    detail.hidden = false;
    detail.scrollTop = 0;
    const key = item.thread ?? item.lock;
    for (const node of document.querySelectorAll('.node')) node.classList.toggle('shown', node.dataset.key === key);
}

function threadFacts(thread) {
    return [
        make('h2', {}, `Thread ${address(thread.thread)}`),
        facts(['process', [thread.image, thread.process ? ` ${address(thread.process)}` : null].filter(Boolean)], ['ID', cid(thread)], ['name', thread.name],
            ['state', thread.terminated ? `${thread.state ?? ''} (ended)` : thread.state], ['wait reason', thread.waitReason], ['waits', span(thread.waitMilliseconds)],
            ['waits for', link('lock', thread.waitsFor)], ['waits on', thread.waitsOn?.words ?? thread.waitsOn?.kind], ['processor', thread.processor], ['started', thread.startSymbol ?? (thread.start ? address(thread.start) : null)],
            ['at', thread.at], ['source', thread.source], ['priority', Number.isFinite(thread.priority) ? `${thread.priority}, base ${thread.basePriority}` : null]),
        list(thread.entries).length > 0 ? make('h3', {}, 'Lock entries') : null,
        list(thread.entries).length > 0 ? make('ul', {}, thread.entries.map(entry => make('li', {}, `[${entry.index}] ${entry.relation} ${entry.kind ?? ''} `, link('lock', entry.lock)))) : null,
        list(thread.stack).length > 0 ? make('h3', {}, 'Stack') : null,
        list(thread.stack).length > 0 ? make('pre', {}, thread.stack.join('\n')) : null,
    ].filter(Boolean);
}

function lockFacts(lock) {
    return [
        make('h2', {}, `${lock.kind ?? 'lock'} ${address(lock.lock)}`),
        facts(['symbol', lock.symbol], ['value', lock.value ? address(lock.value) : null],
            ['state', lock.locked === true ? (lock.exclusive === true ? 'exclusive' : lock.exclusive === false ? `${lock.sharedOwners} shared` : 'locked') : lock.locked === false ? 'free' : null],
            ['abandoned', lock.abandoned ? 'its owner ended' : null]),
        make('h3', {}, count(list(lock.owners).length, 'owner')),
        make('ul', {}, list(lock.owners).map(owner => make('li', {}, link('thread', owner.thread), ` by ${owner.foundBy}`))),
        make('h3', {}, count(list(lock.waiters).length, 'waiter')),
        make('ul', {}, list(lock.waiters).map(waiter => make('li', {}, link('thread', waiter.thread) ?? 'a thread that is not found', ` ${waiter.mode ?? ''} by ${list(waiter.foundBy).join(', ')}`))),
    ];
}

// A picture that is drawn when it is first seen: there may be many.
function later(summary, draw, open) {
    const details = make('details', { open }, make('summary', {}, summary));
    const fill = () => { if (details.open && details.children.length === 1) details.append(draw()); };
    details.addEventListener('toggle', fill);
    fill();
    return details;
}

function pictureOf(aboutThreads, aboutLocks, circle) {
    const graph = new Graph(threads, locks);
    for (const lock of aboutLocks) graph.addLock(lock);
    for (const thread of aboutThreads) {
        graph.addThread(thread);
        const waitsFor = threads.get(thread)?.waitsFor;
        if (waitsFor) {
            graph.addLock(waitsFor);
            graph.addEdge(thread, waitsFor, 'waits');
        }
    }
    if (circle) graph.markCircle(aboutThreads, aboutLocks);
    graph.layOut(circle ? aboutThreads.flatMap((thread, at) => [thread, aboutLocks[at]]) : []);
    return graph.nodes.size > 0 ? drawGraph(graph, show) : make('p', {}, 'Nothing to draw.');
}

function findingCard(finding, at) {
    const circle = finding.kind === 'deadlock' && list(finding.threads).length > 0;
    const about = circle ? [finding.threads, list(finding.locks)] : [[finding.thread, ...list(finding.owners)].filter(Boolean), [finding.lock].filter(Boolean)];
    const driver = [finding.module, finding.moduleVersion].filter(Boolean).join(' ');
    return make('article', { class: finding.certainty },
        make('h2', {}, make('span', { class: 'kind' }, finding.certainty === 'suspect' ? 'suspect ' : '', String(finding.kind ?? '').replaceAll('-', ' ')), ' ', finding.message),
        finding.reason ? make('p', {}, finding.reason) : null,
        facts(['driver', driver], ['function', finding.function]),
        list(finding.sites).length > 0 ? later('Where in the code', () => sites(finding.sites), true) : null,
        later('Who waits for what', () => pictureOf(...about, circle), at < 3),
        later('Evidence', () => facts(['thread', link('thread', finding.thread)], ['entry', finding.entry ? make('code', {}, address(finding.entry)) : null], ['lock', link('lock', finding.lock)],
            ['owners', between(list(finding.owners).map(key => link('thread', key)))], ['waiters', between(list(finding.waiters).map(key => link('thread', key)))],
            ['circle', between(list(finding.threads).map(key => link('thread', key)))], ['signature', finding.signature]), false));
}

function between(links) {
    return links.flatMap((each, at) => at === 0 ? [each] : [', ', each]);
}

function sites(all) {
    return make('table', {}, make('thead', {}, make('tr', {}, ['', 'at', 'source', 'routine', 'lock'].map(name => make('th', {}, name)))),
        make('tbody', {}, all.map(site => make('tr', {}, [String(site.verdict ?? '').replaceAll('-', ' '), site.symbol ?? address(site.address), site.source ?? '', site.routine ?? '',
            [site.kind, site.mode].filter(Boolean).join(', ')].map(value => make('td', {}, value))))));
}

function heading() {
    const target = report.target ?? {}, bugCheck = target.bugCheck;
    const found = list(report.findings);
    const certain = found.filter(finding => finding.certainty === 'certain').length;
    const answer = report.error ? report.error.message ?? 'No answer'
        : [certain > 0 ? count(certain, 'certain finding') : '', found.length > certain ? count(found.length - certain, 'suspicion') : ''].filter(Boolean).join(', ') || 'Nothing leaked';
    document.title = `${answer} - LockLeak`;
    return make('header', {}, make('h1', {}, answer),
        bugCheck ? make('p', {}, `Bug check ${bugCheck.code} ${bugCheck.name ?? ''}`, bugCheck.words ? `: ${bugCheck.words}` : '') : null,
        report.blocker ? make('p', {}, `${report.blocker.message} ${report.blocker.reason}`) : null,
        facts(['dump', report.dump?.file], ['machine', target.machine], ['build', target.revision ?? target.build], ['stopped', target.stopTime], ['up', span(target.uptimeMilliseconds)],
            ['types', target.layout === 'pdb' ? 'PDB' : target.layout], ['seen', report.cost ? `${count(report.cost.threads, 'thread')} in ${count(report.cost.processes, 'process', 'processes')}` : null]),
        report.complete === false ? make('p', { class: 'warning' }, 'The command was stopped before its end: this is what was found until then.') : null,
        list(report.notes).length > 0 ? make('ul', { class: 'notes' }, report.notes.map(note => make('li', {}, note))) : null);
}

function chainCard(chain, at) {
    const last = list(chain.threads).at(-1);
    return later(`${count(chain.blocked, 'thread waits', 'threads wait')} for ${threads.has(last) ? threadLines(threads.get(last)).join(', ') : address(last)}`,
        () => pictureOf(list(chain.threads), list(chain.locks), false), at === 0 && list(report.findings).length === 0);
}

// Most threads first; of many the others are folded.
function chainCards(chains) {
    const cards = chains.map(chainCard), shown = cards.splice(0, 10);
    return make('section', {}, make('h2', {}, `Who waits for whom (${chains.length.toLocaleString('en')})`), shown, cards.length > 0 ? later(`${cards.length.toLocaleString('en')} more`, () => make('div', {}, cards), false) : null);
}

const threadColumns = [
    { name: 'thread', value: thread => thread.thread, cell: thread => link('thread', thread.thread) },
    { name: 'process', value: thread => thread.image },
    { name: 'ID', value: cid },
    { name: 'state', value: thread => thread.terminated ? 'ended' : thread.state },
    { name: 'wait reason', value: thread => thread.waitReason },
    { name: 'waits', number: true, value: thread => thread.waitMilliseconds ?? -1, cell: thread => span(thread.waitMilliseconds) },
    { name: 'waits for', value: thread => thread.waitsFor, cell: thread => link('lock', thread.waitsFor) ?? '' },
    { name: 'owns', number: true, value: thread => list(thread.entries).filter(entry => entry.relation === 'owns').length },
    { name: 'at', value: thread => thread.at ?? thread.startSymbol },
];

const lockColumns = [
    { name: 'lock', value: lock => lock.lock, cell: lock => link('lock', lock.lock) },
    { name: 'kind', value: lock => lock.kind },
    { name: 'symbol', value: lock => lock.symbol },
    { name: 'owners', number: true, value: lock => list(lock.owners).length },
    { name: 'waiters', number: true, value: lock => list(lock.waiters).length },
];

document.getElementById('report').append(
    arrows(),
    heading(),
    ...list(report.findings).map(findingCard),
    ...(list(report.chains).length > 0 ? [chainCards(report.chains)] : []),
    ...(threads.size > 0 ? [table('Threads', [...threads.values()], threadColumns)] : []),
    ...(locks.size > 0 ? [table('Locks', [...locks.values()], lockColumns)] : []),
    later('JSON', () => make('pre', { class: 'json' }, JSON.stringify(report, null, 2)), false));

addEventListener('beforeprint', () => { for (const details of document.querySelectorAll('article details')) details.open = true; });
addEventListener('keydown', event => { if (event.key === 'Escape') detail.hidden = true; });
