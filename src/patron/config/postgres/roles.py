"""What a new embedded cluster gets once: the owner's role and the database `patron`."""

import secrets
from urllib.parse import quote

import psycopg
from psycopg import sql

from patron.config.postgres import account
from patron.config.postgres.server import PREPARED_MARK, SUPERUSER, Cluster, Running

OWNER = "patron"
DATABASE = "patron"


def owner_url(cluster: Cluster, running: Running) -> str:
    """The address by which Patron's owner role reaches the database; contains its password."""
    return f"postgresql://{OWNER}:{quote(cluster.password(OWNER), safe='')}@127.0.0.1:{running.port}/{DATABASE}"


def prepare(cluster: Cluster, running: Running) -> None:
    """Make the owner's role and the database, unless that was done; harmless to repeat after an interruption.

    The owner is no superuser, so what works here works on a rented server too. It may make roles and (test) databases, and passes
    row-level security, without which no complete backup is possible. The web and worker use another role, made by the migrations.
    """
    done = cluster.root / PREPARED_MARK
    if done.exists():
        return
    owner = account.for_cluster(cluster.pgdata)
    password = secrets.token_urlsafe(24)
    account.write_private_file(cluster.root / f"{OWNER}.password", f"{password}\n", owner)
    with _superuser(cluster, running, "postgres") as connection:
        _make_owner(connection, password)
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
    with _superuser(cluster, running, DATABASE) as connection:
        _watch_statements(connection)
    account.write_private_file(done, "1\n", owner)


def _superuser(cluster: Cluster, running: Running, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host="127.0.0.1",
        port=running.port,
        user=SUPERUSER,
        password=cluster.password(SUPERUSER),
        dbname=database,
        autocommit=True,
        connect_timeout=20,
    )


def _make_owner(connection: psycopg.Connection[tuple[object, ...]], password: str) -> None:
    name = sql.Identifier(OWNER)
    present = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone()
    verb = sql.SQL("ALTER" if present else "CREATE")
    rights = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER CREATEDB CREATEROLE BYPASSRLS PASSWORD {}")
    connection.execute(rights.format(verb, name, sql.Literal(password)))
    connection.execute(sql.SQL("GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO {}").format(name))


def _watch_statements(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Install pg_stat_statements, which only a superuser may, where the server loaded its library."""
    loaded = connection.execute("SHOW shared_preload_libraries").fetchone()
    if loaded and "pg_stat_statements" in str(loaded[0]):
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        reset = "DO $$ BEGIN EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO {}', oid::regprocedure) FROM pg_proc WHERE proname = 'pg_stat_statements_reset'); END $$"
        connection.execute(sql.SQL(reset).format(sql.Identifier(OWNER)))
