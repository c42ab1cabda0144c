// A table that sorts by a click on a heading, and shows the rows that have a text.

// So many rows are made at first: a page of thousands of them would take seconds to open.
const firstRows = 200;

// Columns: { name, value: item => string or number, cell: item => element or string, number: true }.
function table(name, items, columns) {
    const rows = items.map(item => {
        const values = columns.map(column => column.value(item) ?? '');
        return { item, values, text: values.join(' ').toLowerCase() };
    });
    const body = make('tbody');
    const headings = columns.map((column, at) => make('th', { class: column.number ? 'number' : null, 'aria-sort': 'none' },
        make('button', { type: 'button', onclick: () => sort(at) }, column.name)));
    const found = make('output'), all = make('button', { type: 'button', class: 'all', onclick: () => fill(Infinity) });
    const filter = make('input', { type: 'search', placeholder: 'only rows with ...', 'aria-label': `Only ${name.toLowerCase()} with this text`, oninput: () => fill(firstRows) });

    function cells(row) {
        return columns.map((column, at) => make('td', { class: column.number ? 'number' : null }, column.cell ? column.cell(row.item) : String(row.values[at])));
    }

    function fill(most) {
        const wanted = filter.value.trim().toLowerCase();
        const matching = wanted ? rows.filter(row => row.text.includes(wanted)) : rows;
        body.replaceChildren(...matching.slice(0, most).map(row => row.element ??= make('tr', {}, cells(row))));
        found.textContent = wanted ? `${matching.length.toLocaleString('en')} of ${rows.length.toLocaleString('en')}` : '';
        all.textContent = `Show all ${matching.length.toLocaleString('en')}`;
        all.hidden = matching.length <= most;
    }

    function sort(at) {
        const rising = headings[at].getAttribute('aria-sort') !== 'ascending';
        for (const heading of headings) heading.setAttribute('aria-sort', 'none');
        headings[at].setAttribute('aria-sort', rising ? 'ascending' : 'descending');
        const compare = (one, other) => typeof one === 'number' && typeof other === 'number' ? one - other : String(one) < String(other) ? -1 : 1;
        rows.sort((one, other) => one.values[at] === other.values[at] ? 0 : compare(one.values[at], other.values[at]) * (rising ? 1 : -1));
        fill(firstRows);
    }

    fill(firstRows);
    return make('section', { class: 'list' },
        make('h2', {}, `${name} (${items.length.toLocaleString('en')})`),
        items.length > 5 ? make('p', { class: 'filter' }, filter, ' ', found) : null,
        make('table', {}, make('thead', {}, make('tr', {}, headings)), body), all);
}
