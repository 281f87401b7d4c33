-- The offsets of each time zone, as the locked tzdata has them: what a Client's days and hours are cut by.
-- PostgreSQL's own rules may be of another year, and it reads EET and CET as fixed offsets; docs/adr/0026.
-- A period begins at since[n] and has utc_offset[n]; day_offset[n] cuts its days. All in seconds.
create table clients_timezone (
    name varchar(50) primary key,
    since timestamptz[] not null,
    utc_offset integer[] not null,
    day_offset integer[] not null,
    constraint time_zone_whole check (
        since[1] = '-infinity' and cardinality(since) = cardinality(utc_offset)
        and cardinality(since) = cardinality(day_offset)
    )
);
-- Unpacked for each row, an array would cost more than all else.
alter table clients_timezone
    alter since set storage plain,
    alter utc_offset set storage plain,
    alter day_offset set storage plain;
revoke insert, update, delete on clients_timezone from paykassma_web, paykassma_worker;

-- For statements over many rows: the zone's columns come from a row that is joined once. Functions without
-- SET and SECURITY DEFINER are written into the statement by PostgreSQL itself.
create function local_time(since timestamptz[], utc_offset integer[], moment timestamptz)
returns timestamp language sql immutable parallel safe
return (moment at time zone 'UTC') + utc_offset[width_bucket(moment, since)] * interval '1 second';

create function day_of(since timestamptz[], day_offset integer[], moment timestamptz)
returns date language sql immutable parallel safe
return (
    (moment at time zone 'UTC') + day_offset[width_bucket(moment, since)] * interval '1 second'
)::date;

create function iso_time(since timestamptz[], utc_offset integer[], moment timestamptz)
returns text language sql stable parallel safe
return (to_json(local_time(since, utc_offset, moment)) #>> '{}')
    || case when utc_offset[width_bucket(moment, since)] < 0 then '-' else '+' end
    || to_char(abs(utc_offset[width_bucket(moment, since)]) * interval '1 second', 'HH24:MI');

-- For a single moment: the zone is looked up by its name.
create function local_time(zone text, moment timestamptz)
returns timestamp language sql stable parallel safe
return (select local_time(since, utc_offset, moment) from clients_timezone where name = zone);

create function day_of(zone text, moment timestamptz)
returns date language sql stable parallel safe
return (select day_of(since, day_offset, moment) from clients_timezone where name = zone);

create function midnight(zone text, day date)
returns timestamptz language sql stable parallel safe
return (
    select min(start) from clients_timezone,
        unnest(since, day_offset, since[2:] || timestamptz 'infinity')
            as change (since, day_offset, until),
        greatest(change.since, (day - change.day_offset * interval '1 second')
            at time zone 'UTC') as start
    where name = zone and start < until
);
