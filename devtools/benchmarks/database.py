import os
import subprocess
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from devtools.postgres import DATABASE, Cluster
from devtools.setup.environment import Project

type Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Database:
    cluster: Cluster
    name: str = DATABASE

    def connect(self, user: str = "postgres") -> Connection:
        """In autocommit; as `postgres` no row-level security binds it."""
        return self.cluster.connect(self.name, user=user)

    def execute(self, *statements: str) -> None:
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def psql(self, command: str, *, user: str, settings: dict[str, object]) -> str:
        with self.connect() as connection:
            where = [
                f"--host={connection.info.host}",
                f"--dbname={self.name}",
                f"--username={user}",
            ]
        program = [str(self.cluster.bin / "psql"), *where, "--no-psqlrc", f"--command={command}"]
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        done = subprocess.run(
            program,
            env=os.environ | {"PGOPTIONS": options},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    @property
    def project(self) -> Project:
        project = Project.on(self.cluster)
        return replace(project, environment=project.environment | self.environment)

    @property
    def environment(self) -> dict[str, str]:
        return self.cluster.environment(self.name)
