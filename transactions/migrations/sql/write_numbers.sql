-- The number of the write that a row stands by: that of the database's transaction, which begins before
-- it is seen. All rows of a smaller number than any that still runs are seen, so nothing comes in there.
create function write_number() returns bigint
language sql volatile parallel restricted
return pg_current_xact_id()::text::bigint;

alter table transactions_transaction add column written_in bigint not null default 0;
alter table transactions_transaction alter column written_in set default write_number();

create function number_write() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    new.written_in := write_number();
    return new;
end $$;

create trigger number_write before update on transactions_transaction
    for each row execute function number_write();
