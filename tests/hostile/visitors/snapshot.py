from psycopg.errors import UniqueViolation

# Large, and nobody can change what is in them; or emptied.
UNTOUCHED = ("transactions_%", "audit_auditevent", "django_migrations")
TABLES = """
    select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and not relname like any (%s)
"""

OF_A_USER = "{} in (select id from snapshot.accounts_user)"
# What decides who may see what, and which of its rows stand in the way of those that there were.
PEOPLE = {
    "accounts_user": OF_A_USER.format("id"),
    "accounts_membership": OF_A_USER.format("user_id"),
    "mfa_authenticator": OF_A_USER.format("user_id"),
    "clients_client": "id in (select id from snapshot.clients_client)",
    "accounts_apikey": "id in (select id from snapshot.accounts_apikey)",
    "accounts_invitation": "id in (select id from snapshot.accounts_invitation)",
    "accounts_session": "session_key in (select session_key from snapshot.accounts_session)",
    "accounts_failedsignins": "true",
}
STANDING = """
    select
        (select array_agg((u.id, password, is_active, is_staff, must_change_password,
                m.client_id, role)::text order by u.id)
            from accounts_user u left join accounts_membership m on m.user_id = u.id
            where u.id in (select id from snapshot.accounts_user)),
        (select array_agg((id, is_active, second_factor_required)::text order by id)
            from clients_client where id in (select id from snapshot.clients_client)),
        (select array_agg((id, data)::text order by id)
            from mfa_authenticator where type <> 'recovery_codes'),
        (select array_agg((id, scopes, revoked_at)::text order by id)
            from accounts_apikey where id in (select id from snapshot.accounts_apikey)),
        (select array_agg((id, used_at, revoked_at)::text order by id)
            from accounts_invitation where id in (select id from snapshot.accounts_invitation)),
        (select count(*) from accounts_session
            where session_key in (select session_key from snapshot.accounts_session))
"""


class Snapshot:
    def __init__(self, connection):
        self.connection = connection
        connection.execute("set session_replication_role = replica")  # no triggers, no foreign keys
        found = connection.execute(TABLES, [list(UNTOUCHED)]).fetchall()
        self.tables = dict.fromkeys(sorted(name for (name,) in found), "true")
        connection.execute("create schema snapshot")
        for table in self.tables:
            connection.execute(f"create table snapshot.{table} as table {table}")
        connection.execute("analyze")
        self.standing_at_first = self.standing()

    def restore(self):
        self.restore_tables(self.tables)
        self.connection.execute("delete from audit_auditevent")
        self.connection.execute("select compact_totals()")
        self.connection.execute("vacuum transactions_delta")

    @property
    def is_whole(self):
        """Return whether no visitor has lost access, factors, keys, invitations or sessions."""
        return self.standing() == self.standing_at_first

    def standing(self):
        return self.connection.execute(STANDING).fetchone()

    def has_restored_people(self):
        """Restore the visitors; return False if a new row has the name of an old one."""
        try:
            self.restore_tables(PEOPLE)
        except UniqueViolation:
            return False
        return self.is_whole

    def restore_tables(self, tables):
        with self.connection.transaction():
            for table, condition in tables.items():
                self.connection.execute(f"delete from {table} where {condition}")
                self.connection.execute(f"insert into {table} select * from snapshot.{table}")
