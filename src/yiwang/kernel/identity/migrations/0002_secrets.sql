-- What proves a person: never readable by the application's role. It comes in and out by functions, one account at a time.
create table identity.secret (
    account uuid primary key references identity.account,
    password text,
    password_at timestamptz,
    must_change boolean not null default false,
    totp bytea,
    totp_at timestamptz,
    totp_last bigint not null default 0,
    totp_pending bytea
);
comment on column identity.secret.totp_last is 'The last time step used: a code is good once (RFC 6238 section 5.2).';

create table identity.recovery (
    account uuid not null references identity.account,
    digest bytea not null,
    used_at timestamptz,
    primary key (account, digest)
);

-- Self, the system, or a colleague whom the policy let through (the policy decided before; this is the second lock).
create function identity.may_manage(who uuid) returns boolean language sql stable as $$
    -- A visitor has no account: that comparison is null, and null must mean no.
    select coalesce(yw.is_system() or who = yw.account()
        or (identity.is_staff() and exists (select from identity.account a where a.id = who and a.kind <> 'resident')), false)
$$;

create function identity.credential(by_login text, by_digest bytea, by_id uuid)
returns table (id uuid, kind text, login text, name text, state text, demo boolean, version int, locale text,
               password text, must_change boolean, totp bytea, totp_last bigint, totp_pending bytea)
language sql stable security definer set search_path = identity, pg_temp as $$
    select a.id, a.kind, a.login, a.name, a.state, a.demo, a.version, a.locale,
           s.password, coalesce(s.must_change, false), s.totp, coalesce(s.totp_last, 0), s.totp_pending
    from identity.account a left join identity.secret s on s.account = a.id
    where a.kind <> 'client' and (
        a.id = by_id or a.login = by_login
        or a.id = (select c.account from identity.contact c where c.digest = by_digest and c.verified_at is not null limit 1))
    order by (a.login = by_login) desc nulls last
    limit 1
$$;

create function identity.put_password(who uuid, hashed text, at timestamptz, change_next boolean) returns void
language plpgsql security definer set search_path = identity, pg_temp as $$ begin
    if not identity.may_manage(who) then raise insufficient_privilege; end if;
    insert into identity.secret (account, password, password_at, must_change) values (who, hashed, at, change_next)
    on conflict (account) do update set password = hashed, password_at = at, must_change = change_next;
end $$;

create function identity.put_totp_pending(who uuid, seed bytea) returns void
language plpgsql security definer set search_path = identity, pg_temp as $$ begin
    if not identity.may_manage(who) then raise insufficient_privilege; end if;
    insert into identity.secret (account, totp_pending) values (who, seed)
    on conflict (account) do update set totp_pending = seed;
end $$;

-- The enrolment is confirmed by a first code: the pending seed becomes the seed, with its recovery codes.
create function identity.confirm_totp(who uuid, at timestamptz, step bigint, codes bytea[]) returns boolean
language plpgsql security definer set search_path = identity, pg_temp as $$ begin
    if not identity.may_manage(who) then raise insufficient_privilege; end if;
    update identity.secret set totp = totp_pending, totp_pending = null, totp_at = at, totp_last = step
     where account = who and totp_pending is not null;
    if not found then return false; end if;
    delete from identity.recovery where account = who;
    insert into identity.recovery (account, digest) select who, unnest(codes);
    return true;
end $$;

create function identity.drop_totp(who uuid) returns void
language plpgsql security definer set search_path = identity, pg_temp as $$ begin
    if not identity.may_manage(who) then raise insufficient_privilege; end if;
    update identity.secret set totp = null, totp_pending = null, totp_at = null where account = who;
    delete from identity.recovery where account = who;
end $$;

-- True for the one caller that uses this step; a second with the same code, even at the same moment, gets false.
create function identity.use_totp(who uuid, step bigint) returns boolean
language sql security definer set search_path = identity, pg_temp as $$
    with used as (update identity.secret set totp_last = step where account = who and totp_last < step returning 1)
    select exists (select from used)
$$;

create function identity.use_recovery(who uuid, code bytea, at timestamptz) returns boolean
language sql security definer set search_path = identity, pg_temp as $$
    with used as (update identity.recovery set used_at = at where account = who and digest = code and used_at is null returning 1)
    select exists (select from used)
$$;

create function identity.recovery_left(who uuid) returns int
language sql stable security definer set search_path = identity, pg_temp as $$
    select case when identity.may_manage(who)
        then (select count(*)::int from identity.recovery where account = who and used_at is null) end
$$;

revoke all on function identity.credential, identity.put_password, identity.put_totp_pending, identity.confirm_totp, identity.drop_totp,
    identity.use_totp, identity.use_recovery, identity.recovery_left from public;
grant execute on function identity.credential, identity.put_password, identity.put_totp_pending, identity.confirm_totp, identity.drop_totp,
    identity.use_totp, identity.use_recovery, identity.recovery_left to yiwang_app;
