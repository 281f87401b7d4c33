-- Each switch of a payment system, whoever makes it, is kept with its moment.
create function keep_payment_system_changes() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    insert into wallets_paymentsystemchange (payment_system_id, is_active, at)
    select now_.id, now_.is_active, now()
    from was join now_ using (id) where was.is_active <> now_.is_active;
    return null;
end $$;

create trigger keep_payment_system_changes after update on wallets_paymentsystem
    referencing old table as was new table as now_
    for each statement execute function keep_payment_system_changes();
