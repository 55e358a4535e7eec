-- What is said to people: by text message, by mail, and in the application.
create schema notice;
grant usage on schema notice to yiwang_app;

create table notice.message (
    id uuid primary key,
    template text not null,
    channel text not null check (channel in ('sms', 'email')),
    account uuid,                 -- to whom, when it is an account: its address is looked up when it is sent
    digest bytea,                 -- keyed digest of the address, for the limit per recipient
    address bytea,                -- sealed
    masked text not null default '',
    locale text not null check (locale in ('zh', 'en')),
    subject text not null default '',
    body text,                    -- null when it is secret or was wiped
    sealed bytea,                 -- subject and body of a secret message, wiped when it has been sent
    urgent boolean not null,
    optional boolean not null,
    state text not null default 'queued'
        check (state in ('queued', 'sending', 'sent', 'sandboxed', 'dropped', 'gave_up')),
    reason text not null default '',
    attempts int not null default 0,
    next_at timestamptz not null,
    give_up_at timestamptz not null,
    dedupe text unique,
    provider_ref text not null default '',
    created_at timestamptz not null,
    done_at timestamptz
);
comment on column notice.message.next_at is 'When to try (again); while sending, when another worker may take it over.';
create index message_due on notice.message (next_at) where state in ('queued', 'sending');
create index message_recent on notice.message (created_at desc);
create index message_by_state on notice.message (state, created_at desc) where state not in ('sent', 'sandboxed');
create index message_to on notice.message (digest, done_at) where digest is not null;

alter table notice.message enable row level security;
create policy own on notice.message using ((select yw.is_system()) or account = (select yw.account()));
grant select, update on notice.message to yiwang_app;

-- Whoever acts may have a message sent to whomever the action concerns, without reading what others are sent.
create function notice.enqueue(m jsonb, seal_address bytea, seal_body bytea, to_digest bytea, at timestamptz, until timestamptz)
returns boolean language sql security definer set search_path = notice, pg_temp as $$
    with added as (
        insert into notice.message (id, template, channel, account, digest, address, masked, locale, subject, body, sealed,
                                    urgent, optional, next_at, give_up_at, dedupe, created_at)
        values ((m ->> 'id')::uuid, m ->> 'template', m ->> 'channel', (m ->> 'account')::uuid, to_digest, seal_address,
                m ->> 'masked', m ->> 'locale', m ->> 'subject', m ->> 'body', seal_body, (m ->> 'urgent')::boolean,
                (m ->> 'optional')::boolean, at, until, m ->> 'dedupe', at)
        on conflict (dedupe) do nothing returning 1)
    select exists (select from added)
$$;

create table notice.inbox (
    id uuid primary key,
    account uuid not null,
    template text not null,
    title text not null,
    body text not null,
    href text not null default '',
    created_at timestamptz not null,
    read_at timestamptz,
    dedupe text unique
);
create index inbox_of on notice.inbox (account, created_at desc);
create index inbox_unread on notice.inbox (account) where read_at is null;
alter table notice.inbox enable row level security;
create policy own on notice.inbox using ((select yw.is_system()) or account = (select yw.account()));
grant select on notice.inbox to yiwang_app;
grant update (read_at) on notice.inbox to yiwang_app;
grant delete on notice.inbox to yiwang_app;

create function notice.put_inbox(m jsonb, at timestamptz)
returns boolean language sql security definer set search_path = notice, pg_temp as $$
    with added as (
        insert into notice.inbox (id, account, template, title, body, href, created_at, dedupe)
        values ((m ->> 'id')::uuid, (m ->> 'account')::uuid, m ->> 'template', m ->> 'title', m ->> 'body', m ->> 'href',
                at, m ->> 'dedupe')
        on conflict (dedupe) do nothing returning 1)
    select exists (select from added)
$$;

-- What a person does not want, by template and channel. Only optional templates may be refused.
create table notice.refusal (
    account uuid not null,
    template text not null,
    channel text not null,
    since timestamptz not null,
    primary key (account, template, channel)
);
alter table notice.refusal enable row level security;
create policy own on notice.refusal using ((select yw.is_system()) or account = (select yw.account()));
grant select, insert, delete on notice.refusal to yiwang_app;

revoke all on function notice.enqueue, notice.put_inbox from public;
grant execute on function notice.enqueue, notice.put_inbox to yiwang_app;
