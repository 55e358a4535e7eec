-- The log is the truth about what happened; ``delivery`` is the truth about who still has to hear of it. NATS carries
-- the messages, but an event that it loses is found here and sent again.
create schema event;
grant usage on schema event to yiwang_app;

create table event.log (
    seq bigint generated always as identity primary key,
    id uuid not null unique,
    type text not null,
    subject text not null,
    at timestamptz not null,
    body text not null  -- the CloudEvents envelope as it was made, byte for byte
);
create index on event.log (type, seq);
create index on event.log (subject, seq);

-- Waiting for the relay: here from the commit until NATS has acknowledged.
create table event.pending (
    event uuid primary key,
    seq bigint generated always as identity,
    routed boolean not null default false
);
create index on event.pending (seq);

-- What each reaction still has to apply. Taking the row is part of the handler's transaction: applied once.
create table event.delivery (
    reaction text not null,
    event uuid not null,
    tries int not null default 0,
    next_at timestamptz not null,
    primary key (reaction, event)
);
create index on event.delivery (next_at);

create table event.dead_letter (
    id bigint generated always as identity primary key,
    reaction text not null,
    event uuid not null,
    failed_at timestamptz not null,
    tries int not null,
    error text not null,
    replayed_at timestamptz,
    replayed_by uuid,
    unique (reaction, event)
);

-- Deliveries made and applied, per reaction: made = applied + waiting + dead, or something was lost.
create table event.tally (
    reaction text primary key,
    made bigint not null default 0,
    applied bigint not null default 0
);

grant select, insert on event.log to yiwang_app;
grant insert on event.pending to yiwang_app;
grant usage on all sequences in schema event to yiwang_app;
grant select, update, delete on event.delivery to yiwang_app;
grant select, update on event.tally to yiwang_app;
grant select on event.dead_letter to yiwang_app;

-- Events name what happened across organisations: only the system's handlers and the auditor's pages read them.
alter table event.log enable row level security;
create policy adds on event.log for insert to yiwang_app with check (true);
create policy reads on event.log for select to yiwang_app using (yw.is_system());

-- Sending again is the one thing that the application may do to dead letters.
create function event.replay(ids bigint[], now_at timestamptz, by_account uuid) returns bigint
language sql security definer set search_path = event, pg_temp as $$
    with chosen as (
        update dead_letter set replayed_at = now_at, replayed_by = by_account
        where id = any (ids) and replayed_at is null returning reaction, event
    ), queued as (
        insert into delivery (reaction, event, next_at) select reaction, event, now_at from chosen
        on conflict do nothing returning 1
    )
    select count(*) from queued
$$;
revoke all on function event.replay from public;
grant execute on function event.replay to yiwang_app;
