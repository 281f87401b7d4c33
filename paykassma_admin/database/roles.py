"""Roles of the database, and the variable with the address of each; docs/adr/0002 and 0034."""

# The variable of the environment → the role that its address is of.
ROLES = {
    "DATABASE_URL": "paykassma_web",
    "DATABASE_BACKOFFICE_URL": "paykassma_backoffice",
    "DATABASE_WORKER_URL": "paykassma_worker",
    "DATABASE_OWNER_URL": "paykassma_owner",
}
COMMAND_CONNECTIONS = ("worker", "owner")  # connections that nothing has which only serves

# Row-level security keeps an index from conditions whose function is not LEAKPROOF. Searching needs
# these: parts of names, amounts (0040). They could only leak by an error message that tells their
# arguments, and have none.
LEAKPROOF = (
    "textlike(text,text)",
    "numeric_eq(numeric,numeric)",
    "numeric_ge(numeric,numeric)",
    "numeric_le(numeric,numeric)",
)
NOT_LEAKPROOF = """
    select oid::regprocedure::text from pg_proc
    where oid = any(%s::regprocedure[]) and not proleakproof order by 1
"""


def variable_name(connection: str) -> str:
    return "DATABASE_URL" if connection == "default" else f"DATABASE_{connection.upper()}_URL"


def example_line(connection: str) -> str:
    variable = variable_name(connection)
    return f"{variable}='postgresql://{ROLES[variable]}:PASSWORD@HOST/paykassma'"
