-- Tickets: something begun by a visitor and finished within minutes (second factor, reset, registration, OIDC). Single use.
create table identity.ticket (
    fingerprint bytea primary key check (length(fingerprint) = 32),
    purpose text not null,
    account uuid references identity.account,
    code bytea,
    sealed bytea,
    attempts int not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
comment on column identity.ticket.code is 'Keyed digest of the code that was sent; null when the ticket alone is the proof.';
create index ticket_to_purge on identity.ticket (expires_at);

create function identity.put_ticket(mark bytea, what text, who uuid, code_digest bytea, body bytea, at timestamptz, until timestamptz)
returns void language sql security definer set search_path = identity, pg_temp as $$
    insert into identity.ticket (fingerprint, purpose, account, code, sealed, created_at, expires_at)
    values (mark, what, who, code_digest, body, at, until)
$$;
-- Counts the try and returns the ticket, locked until the transaction ends. Nothing when it is used, expired or worn out.
create function identity.try_ticket(mark bytea, what text, at timestamptz, most int)
returns table (account uuid, code bytea, sealed bytea, attempts int, created_at timestamptz)
language sql security definer set search_path = identity, pg_temp as $$
    update identity.ticket t set attempts = t.attempts + 1
     where t.fingerprint = mark and t.purpose = what and t.used_at is null and t.expires_at > at and t.attempts < most
    returning t.account, t.code, t.sealed, t.attempts, t.created_at
$$;
create function identity.use_ticket(mark bytea, at timestamptz) returns boolean
language sql security definer set search_path = identity, pg_temp as $$
    with used as (update identity.ticket set used_at = at, sealed = null where fingerprint = mark and used_at is null returning 1)
    select exists (select from used)
$$;

-- Failed tries by keyed digest of a name, an address or a device. Waits are computed in Python from these two columns.
create table identity.throttle (
    key bytea primary key,
    failures int not null,
    last_at timestamptz not null
);
create index throttle_to_purge on identity.throttle (last_at);
-- Locks the row, so that parallel guesses queue up instead of slipping past the count.
create function identity.lock_throttle(mark bytea, at timestamptz) returns table (failures int, last_at timestamptz)
language plpgsql security definer set search_path = identity, pg_temp as $$ begin
    insert into identity.throttle (key, failures, last_at) values (mark, 0, at) on conflict do nothing;
    return query select t.failures, t.last_at from identity.throttle t where t.key = mark for update;
end $$;
create function identity.set_throttle(mark bytea, count int, at timestamptz) returns void
language sql security definer set search_path = identity, pg_temp as $$
    update identity.throttle set failures = count, last_at = at where key = mark
$$;

-- What somebody was typing when the session ended: sealed, for half an hour, for the same person only.
create table identity.kept_form (
    fingerprint bytea primary key,
    account uuid,
    path text not null,
    sealed bytea not null,
    expires_at timestamptz not null
);
create index kept_form_to_purge on identity.kept_form (expires_at);
create function identity.keep_form(mark bytea, who uuid, at_path text, body bytea, until timestamptz) returns void
language sql security definer set search_path = identity, pg_temp as $$
    insert into identity.kept_form (fingerprint, account, path, sealed, expires_at) values (mark, who, at_path, body, until)
$$;
create function identity.kept_form_of(mark bytea, at timestamptz) returns table (account uuid, path text, sealed bytea)
language sql stable security definer set search_path = identity, pg_temp as $$
    select k.account, k.path, k.sealed from identity.kept_form k
     where k.fingerprint = mark and k.expires_at > at and (k.account is null or k.account = yw.account())
$$;
create function identity.drop_kept_form(mark bytea) returns void
language sql security definer set search_path = identity, pg_temp as $$
    delete from identity.kept_form where fingerprint = mark
$$;

-- Housekeeping: rows that nothing can use any more. Only the system calls it.
create function identity.purge(at timestamptz) returns int
language plpgsql security definer set search_path = identity, pg_temp as $$ declare total int := 0; n int; begin
    if not yw.is_system() then raise insufficient_privilege; end if;
    delete from identity.ticket where expires_at < at - interval '1 day'; get diagnostics n = row_count; total := total + n;
    delete from identity.throttle where last_at < at - interval '1 day'; get diagnostics n = row_count; total := total + n;
    delete from identity.kept_form where expires_at < at; get diagnostics n = row_count; total := total + n;
    delete from identity.session where ends_at < at - interval '30 days'; get diagnostics n = row_count; total := total + n;
    return total;
end $$;

revoke all on function identity.put_ticket, identity.try_ticket, identity.use_ticket, identity.lock_throttle, identity.set_throttle,
    identity.keep_form, identity.kept_form_of, identity.drop_kept_form, identity.purge from public;
grant execute on function identity.put_ticket, identity.try_ticket, identity.use_ticket, identity.lock_throttle, identity.set_throttle,
    identity.keep_form, identity.kept_form_of, identity.drop_kept_form, identity.purge to yiwang_app;
