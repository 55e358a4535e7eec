-- Processes: definitions, running instances, the human tasks of posts, and what people said and attached.
--
-- The application's role reads these tables under row-level security and writes none of them: every change goes through
-- process.save, which repeats nothing of the policy (kernel.policy has decided by then) but everything that must hold
-- for the rows to agree with each other and with the engine's state.
create schema process;
grant usage on schema process to yiwang_app;

-- A version is never edited: instances are pinned to theirs. Decisions and forms are copied in, so that a package
-- upgrade cannot change what a running case asks for.
create table process.definition (
    key text not null, version int not null,
    package text not null, package_version text not null default '',
    title_zh text not null, title_en text not null,
    xml text not null, decisions jsonb not null default '{}', forms jsonb not null default '{}',
    calls jsonb not null default '{}', -- versions of the processes that its call activities run: pinned as well
    digest text not null,
    installed_at timestamptz not null, retired_at timestamptz,
    primary key (key, version)
);
create index on process.definition (package);

-- ``stamp`` is a random mark of the saved engine state: a process that holds the same stamp in memory need not reload.
create table process.instance (
    id uuid primary key,
    key text not null, version int not null,
    subject_type text not null, subject_id uuid not null, subject_no text not null default '', title text not null,
    state text not null check (state in ('running', 'suspended', 'done', 'cancelled')),
    org int not null, parties int[] not null default '{}', area text not null default '',
    started_by uuid, started_name text not null default '',
    started_at timestamptz not null, ended_at timestamptz, suspended_at timestamptz,
    stamp bigint not null,
    latest timestamptz not null,
    result jsonb, -- when it has ended: its data and the trail through the diagram; before, the engine's state holds both
    foreign key (key, version) references process.definition
) with (fillfactor = 85);
create index instance_by_subject on process.instance (subject_type, subject_id);
create index instance_running on process.instance (key, version, id) where ended_at is null;
create index instance_by_number on process.instance (subject_no text_pattern_ops);

-- The engine's state: text, because its deltas depend on the order of keys, which jsonb loses. Gone when it ends.
create table process.engine (
    instance uuid primary key references process.instance on delete cascade,
    body text not null
) with (fillfactor = 60);

-- What a search matches: pairs of characters of number and title, written once per instance.
create table process.words (
    instance uuid primary key references process.instance on delete cascade,
    words text not null, grams text[] not null
);
create index words_grams on process.words using gin (grams);

create table process.task (
    id uuid primary key,
    instance uuid not null references process.instance on delete cascade,
    token text, origin uuid, cause uuid,
    subject_type text not null, subject_id uuid not null, subject_no text not null default '', title text not null,
    step text not null, step_name_zh text not null, step_name_en text not null,
    kind text not null check (kind in ('main', 'countersign', 'signer', 'delegated', 'rework', 'circulate', 'supervise')),
    post bigint not null, assigned bigint not null,
    org int not null, parties int[] not null default '{}', area text not null default '',
    state text not null check (state in
        ('open', 'claimed', 'waiting', 'suspended', 'returned', 'recalled', 'done', 'transferred', 'cancelled')),
    resume_to text,
    priority int not null default 0,
    opened_at timestamptz not null, due_at timestamptz, span text, escalate text,
    paused_at timestamptz, paused_minutes int not null default 0, overdue_at timestamptz,
    claimed_by uuid, claimed_name text, claimed_at timestamptz,
    done_at timestamptz, done_by uuid, done_name text,
    version int not null default 1,
    form text, data jsonb not null default '{}', gathered jsonb not null default '{}', plan jsonb not null default '{}',
    reason text not null default '',
    supervised boolean not null default false, urged int not null default 0, urged_at timestamptz,
    live boolean not null generated always as (state not in ('done', 'transferred', 'cancelled')) stored,
    due_sort timestamptz not null generated always as (coalesce(due_at, 'infinity')) stored,
    rank int not null generated always as (-priority) stored
) with (fillfactor = 80);
-- A post's inbox in its order: overdue and soonest first, then the weightier.
create index task_inbox on process.task (post, due_sort, rank, id) where live;
-- The same for everybody of an organisation (supervisors).
create index task_org on process.task (org, due_sort, rank, id) where live;
create index task_done on process.task (post, done_at, id) where not live;
create index task_of_instance on process.task (instance, live, opened_at);
-- Exactly one live row for one live token of the engine.
create unique index task_token on process.task (instance, token) where live and token is not null;
create index task_late on process.task (due_at) where live and overdue_at is null and paused_at is null;

-- Notes and attachments belong to the subject and remember the task; no verb ever touches them.
create table process.note (
    id uuid primary key,
    instance uuid references process.instance on delete cascade, task uuid,
    subject_type text not null, subject_id uuid not null,
    kind text not null check (kind in ('comment', 'opinion', 'reason')),
    body text not null check (length(body) between 1 and 4000),
    by uuid, by_name text not null default '', post bigint, at timestamptz not null,
    org int not null, parties int[] not null default '{}', area text not null default ''
);
create index note_of_subject on process.note (subject_type, subject_id, at);
create index note_of_instance on process.note (instance);

create table process.attachment (
    id uuid primary key,
    instance uuid references process.instance on delete cascade, task uuid,
    subject_type text not null, subject_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    media_type text not null, size bigint not null, sha256 text not null,
    width int, height int, thumbnail text,
    by uuid, by_name text not null default '', post bigint, at timestamptz not null,
    org int not null, parties int[] not null default '{}', area text not null default ''
);
create index attachment_of_subject on process.attachment (subject_type, subject_id, at);
create index attachment_of_instance on process.attachment (instance);

-- What happened to tasks, for the timeline: who did what, from which post to which, and why.
create table process.log (
    id bigint generated always as identity primary key,
    instance uuid not null references process.instance on delete cascade, task uuid,
    verb text not null, at timestamptz not null,
    by uuid, by_name text not null default '', post bigint,
    from_post bigint, to_post bigint, reason text not null default '', detail jsonb not null default '{}'
);
create index log_of_instance on process.log (instance, id);

-- The earliest timer of each instance; the engine itself knows which token it belongs to.
create table process.timer (
    instance uuid primary key references process.instance on delete cascade,
    due_at timestamptz not null,
    attempts int not null default 0, retry_at timestamptz, last_error text
);
create index timer_next on process.timer ((greatest(due_at, retry_at)));

-- Messages that instances wait for, correlated by subject.
create table process.subscription (
    instance uuid not null references process.instance on delete cascade,
    message text not null, subject_type text not null, subject_id uuid not null,
    primary key (instance, message)
);
create index subscription_of_subject on process.subscription (subject_type, subject_id, message);

create table process.form (
    package text not null, key text not null, version int not null,
    body jsonb not null, digest text not null, installed_at timestamptz not null,
    primary key (package, key, version)
);
create table process.decision (
    package text not null, key text not null, version int not null,
    xml text not null, digest text not null, installed_at timestamptz not null,
    primary key (package, key, version)
);

grant select on process.definition, process.form, process.decision, process.instance, process.task, process.note,
    process.attachment, process.log, process.timer, process.engine to yiwang_app;
grant insert, update on process.definition to yiwang_app;
grant insert on process.form, process.decision, process.note, process.attachment to yiwang_app;
grant delete on process.definition, process.form, process.decision to yiwang_app;

-- Whoever takes part in an instance sees all of its flow; a task is seen besides by the organisation that holds it.
alter table process.instance enable row level security;
create policy by_org on process.instance for select to yiwang_app using (yw.sees(org, parties, area));
alter table process.task enable row level security;
create policy by_org on process.task for select to yiwang_app using (
    yw.sees(org, parties, area) or exists (select from process.instance i where i.id = instance));
alter table process.note enable row level security;
create policy by_org on process.note for select to yiwang_app using (
    yw.sees(org, parties, area) or by = yw.account() or exists (select from process.instance i where i.id = instance));
create policy adds on process.note for insert to yiwang_app with check (
    yw.is_system() or by is not distinct from yw.account());
alter table process.attachment enable row level security;
create policy by_org on process.attachment for select to yiwang_app using (
    yw.sees(org, parties, area) or by = yw.account() or exists (select from process.instance i where i.id = instance));
create policy adds on process.attachment for insert to yiwang_app with check (
    yw.is_system() or by is not distinct from yw.account());
alter table process.log enable row level security;
create policy by_instance on process.log for select to yiwang_app using (
    exists (select from process.instance i where i.id = instance));
alter table process.timer enable row level security;
create policy by_instance on process.timer for select to yiwang_app using (
    exists (select from process.instance i where i.id = instance));
alter table process.engine enable row level security;
create policy by_instance on process.engine for select to yiwang_app using (
    exists (select from process.instance i where i.id = instance));
