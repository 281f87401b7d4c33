-- An accumulation is made of counted pay-ins of its Client and its label, logged by the time it was formed.
-- A trigger, not a composite foreign key: that would need one more unique index over all transactions.
create function accumulation_entry_of_one_client() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
    broken text;
begin
    if not exists (select from transactions_transaction
                   where id = new.transaction_id and client_id = new.client_id) then
        raise foreign_key_violation using
            message = 'the transaction of an accumulation entry is another Client''s',
            constraint = 'accumulation_entry_transaction_of_client';
    end if;
    select case
        when transaction_kind(part.direction, part.type, part.status) <> 'pay_in'
            then 'accumulation_entry_of_a_pay_in'
        when part.label <> whole.label and '' not in (part.label, whole.label)
            then 'accumulation_entry_of_its_label'
        when part.logged_at > whole.formed_at then 'accumulation_entry_logged_before'
    end into broken
    from transactions_transaction part, accumulations_accumulation whole
    where part.id = new.transaction_id and whole.id = new.accumulation_id;
    if broken is not null then
        raise check_violation using
            message = 'the transaction of an accumulation entry cannot be a part of it',
            constraint = broken;
    end if;
    return new;
end $$;

create trigger accumulation_entry_of_one_client
    before insert or update on accumulations_accumulationentry
    for each row execute function accumulation_entry_of_one_client();
