-- An accumulation is made of counted pay-ins of its label, logged by the time it was formed. A transaction of another
-- Client is refused by its foreign key.
create function check_accumulation_entry() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
    broken text;
begin
    select case
        when transaction_kind(part.direction, part.type, part.status) <> 'pay_in'
            then 'accumulation_entry_of_a_pay_in'
        when part.label <> whole.label and '' not in (part.label, whole.label)
            then 'accumulation_entry_of_its_label'
        when part.logged_at > whole.formed_at then 'accumulation_entry_logged_before'
    end into broken
    from transactions_transaction part, accumulations_accumulation whole
    where part.id = new.transaction_id and part.client_id = new.client_id
        and whole.id = new.accumulation_id and whole.client_id = new.client_id;
    if broken is not null then
        raise check_violation using
            message = 'the transaction of an accumulation entry cannot be a part of it',
            constraint = broken;
    end if;
    return new;
end $$;

create trigger check_accumulation_entry
    before insert or update on accumulations_accumulationentry
    for each row execute function check_accumulation_entry();
