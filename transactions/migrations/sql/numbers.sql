-- Where a payment system begins to ignore the case of its numbers, those that are there are put in capitals.
create function put_numbers_in_capitals() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    update transactions_transaction set number = upper(number collate "pg_c_utf8")
    where payment_system_id = new.id and number <> upper(number collate "pg_c_utf8");
    return null;
end $$;

create trigger put_numbers_in_capitals
    after update of number_ignores_case on wallets_paymentsystem for each row
    when (new.number_ignores_case and not old.number_ignores_case)
    execute function put_numbers_in_capitals();
