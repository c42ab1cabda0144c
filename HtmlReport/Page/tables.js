// A table that sorts by a click on a heading, and shows the rows that have a text.

// Columns: { name, value: item => string or number, cell: item => element or string, number: true }.
function table(name, items, columns) {
    const rows = items.map(item => {
        const values = columns.map(column => column.value(item) ?? '');
        const row = make('tr', {}, columns.map((column, at) => make('td', { class: column.number ? 'number' : null }, column.cell ? column.cell(item) : String(values[at]))));
        return { row, values, text: values.join(' ').toLowerCase() };
    });
    const body = make('tbody', {}, rows.map(each => each.row));
    const headings = columns.map((column, at) => make('th', { class: column.number ? 'number' : null, 'aria-sort': 'none' },
        make('button', { type: 'button', onclick: () => sort(at) }, column.name)));

    function sort(at) {
        const rising = headings[at].getAttribute('aria-sort') !== 'ascending';
        for (const heading of headings) heading.setAttribute('aria-sort', 'none');
        headings[at].setAttribute('aria-sort', rising ? 'ascending' : 'descending');
        const compare = (one, other) => typeof one === 'number' && typeof other === 'number' ? one - other : String(one).localeCompare(String(other), 'en');
        rows.sort((one, other) => compare(one.values[at], other.values[at]) * (rising ? 1 : -1));
        body.append(...rows.map(each => each.row));
    }

    const found = make('output', {});
    const filter = make('input', {
        type: 'search', placeholder: 'only rows with ...', 'aria-label': `Only ${name.toLowerCase()} with this text`,
        oninput: () => {
            const wanted = filter.value.trim().toLowerCase();
            let shown = 0;
            for (const each of rows) {
                each.row.hidden = !each.text.includes(wanted);
                if (!each.row.hidden) shown++;
            }
            found.textContent = wanted ? `${shown.toLocaleString('en')} of ${rows.length.toLocaleString('en')}` : '';
        },
    });
    return make('section', { class: 'list' },
        make('h2', {}, `${name} (${items.length.toLocaleString('en')})`),
        items.length > 5 ? make('p', { class: 'filter' }, filter, ' ', found) : null,
        make('table', {}, make('thead', {}, make('tr', {}, headings)), body));
}
