-- PostgreSQL and SQLite alike. SQLite keeps the types that it does not know (timestamptz, jsonb) as text.

-- A file that was submitted. It is waiting until it is started, and ends with either done or failed.
create table if not exists dump (
    id text primary key,
    path text not null,
    bytes bigint not null,
    written timestamptz not null,
    submitted timestamptz not null,
    job text, -- Hangfire's number of the job that looks at it; null until it is in the queue
    attempts integer not null default 0,
    worker text,
    started timestamptz,
    sha256 text,
    done timestamptz, -- its report is stored, if only to say why the dump can not be read
    failed timestamptz, -- given up; the reason says why
    reason text, -- why the last attempt gave no report
    unique (path, bytes, written)
);
create index if not exists dump_sha256 on dump (sha256);

-- What was found in a dump; one for each content, whatever the files' names.
create table if not exists report (
    sha256 text primary key,
    bytes bigint not null,
    analyzed timestamptz not null,
    worker text not null,
    seconds double precision not null,
    build bigint,
    revision text,
    machine text,
    stop_time timestamptz,
    bug_check text,
    findings integer not null,
    error text, -- why the dump can not be read; null with a report
    json jsonb not null
);

create table if not exists finding (
    sha256 text not null references report (sha256),
    number integer not null,
    kind text not null,
    certainty text not null,
    module text,
    module_version text,
    function text,
    signature text,
    message text not null,
    build bigint,
    revision text,
    stop_time timestamptz,
    primary key (sha256, number)
);
create index if not exists finding_module on finding (module);
