-- A new or changed wallet, and a changed payment system, is offered at once in every process.
create function renew_choices_of_wallets() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    update clients_client set choices_version = choices_version + 1
    where id in (select client_id from changed);
    return null;
end $$;

create function renew_choices_of_systems() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    update clients_client set choices_version = choices_version + 1
    where id in (
        select wallet.client_id from wallets_wallet wallet
        where wallet.payment_system_id in (select id from changed)
    );
    return null;
end $$;

create trigger renew_choices_of_wallets_on_insert after insert on wallets_wallet
    referencing new table as changed
    for each statement execute function renew_choices_of_wallets();
create trigger renew_choices_of_wallets_on_update after update on wallets_wallet
    referencing new table as changed
    for each statement execute function renew_choices_of_wallets();
create trigger renew_choices_of_systems_on_update after update on wallets_paymentsystem
    referencing new table as changed
    for each statement execute function renew_choices_of_systems();
