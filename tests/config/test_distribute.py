"""`patron distribute`: the plan against plain PostgreSQL, with Citus's functions doing nothing; and the whole against Citus where CITUS_URL names one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from patron.config import libpq
from patron.config.distribution import checks, run
from patron.config.distribution.plan import Step
from tests import database
from tests.config.conftest import SOURCE

_NAME = f"patron_distribute_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
_PRETENCE = """
CREATE SCHEMA pretence; CREATE TABLE pretence.call (place serial, name text, what text);
CREATE FUNCTION create_distributed_table(t regclass, c text, colocate_with text DEFAULT 'default') RETURNS void LANGUAGE sql
  AS $$ INSERT INTO pretence.call (name, what) VALUES ('distributed', t::text || '.' || c) $$;
CREATE FUNCTION create_reference_table(t regclass) RETURNS void LANGUAGE sql AS $$ INSERT INTO pretence.call (name, what) VALUES ('reference', t::text) $$;
CREATE FUNCTION truncate_local_data_after_distributing_table(t regclass) RETURNS void LANGUAGE sql AS $$ INSERT INTO pretence.call (name, what) VALUES ('cleared', t::text) $$;
CREATE FUNCTION create_distributed_function(f regprocedure) RETURNS void LANGUAGE sql AS $$ INSERT INTO pretence.call (name, what) VALUES ('function', f::text) $$;
CREATE FUNCTION run_command_on_workers(c text, OUT nodename text, OUT nodeport int, OUT success bool, OUT result text) RETURNS SETOF record LANGUAGE sql
  AS $$ SELECT ''::text, 0, true, ''::text WHERE false $$
"""
_KINDS = {
    "keys": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE conrelid <> 0 AND connamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    "policies": "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "views": "SELECT c.oid::regclass::text, pg_get_viewdef(c.oid), c.relowner::regrole::text, reloptions::text FROM pg_class c WHERE relkind = 'v' AND relnamespace = 'seen'::regnamespace",
    "rights": """SELECT c.oid::regclass::text, a.grantee::regrole::text, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
        WHERE relnamespace IN ('public'::regnamespace, 'seen'::regnamespace)""",
    "security": "SELECT oid::regclass::text, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace",
    "schemas": "SELECT nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace WHERE nspname IN ('public', 'seen')",
    "doors": "SELECT rolname, has_database_privilege(rolname, current_database(), 'CONNECT') FROM pg_roles WHERE rolname LIKE 'patron%'",
}


@pytest.fixture
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[libpq.Connection]:
    """The owner's connection to a database of its own that Django uses, too, for the time of the test."""
    connection = connections["default"]
    before = dict(connection.settings_dict)
    owner = settings.PATRON_OWNER
    place = {**owner, "NAME": _NAME}
    with django_db_blocker.unblock():
        with database.admin(place) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_NAME)))
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(_NAME), sql.Identifier(database.template_name())))
        connection.close()
        connection.settings_dict["NAME"] = _NAME
        with libpq.connect(place) as opened:
            yield opened
        connection.close()
        connection.settings_dict.update(before)
        with database.admin(place) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(_NAME)))


def _catalog(connection: libpq.Connection) -> dict[str, set[tuple[Any, ...]]]:
    return {kind: set(connection.execute(question).fetchall()) for kind, question in _KINDS.items()}


def _plan(connection: libpq.Connection) -> list[Step]:
    """Without the one step that plain PostgreSQL leaves to superusers: a setting of Citus."""
    _holds, steps, broken = run.planned(connection)
    assert broken == []
    setting = [s for s in steps if "citus.propagate_set_commands" in s.sql[0] and s.phase == "open"]
    assert len(setting) == 1
    return [s for s in steps if s not in setting]


def _plain(key: tuple[Any, ...]) -> tuple[Any, ...]:
    table, name, definition, valid = key
    return table, name, definition.partition(" DEFERRABLE")[0], valid


def _column(connection: libpq.Connection, question: str, *values: object) -> list[Any]:
    return [row[0] for row in connection.execute(question, values).fetchall()]  # type: ignore[arg-type]


def test_every_table_gets_a_place_and_everything_comes_back(filled: libpq.Connection) -> None:
    from patron.customers.models import Account
    from patron.kernel.tenancy import workspace
    from patron.ledger.operations import operation
    from patron.testing import make_workspace

    scene = make_workspace()
    with workspace(scene.workspace.pk), connections["default"].cursor() as cursor:
        cursor.execute("SELECT sales_keep_sums(1)")
        assert cursor.fetchone() == (True,)
    connections["default"].close()
    filled.execute(_PRETENCE)
    before = _catalog(filled)
    catalog = run.planned(filled)[0]
    run.begin(filled, _plan(filled))
    assert run.go_on(filled, lambda *_: None) > 100
    after = _catalog(filled)
    for kind in before.keys() - {"keys", "triggers"}:
        assert after[kind] == before[kind], kind

    tenants = {f"{t}.workspace_id" for t in _column(filled, """SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE a.attname = 'workspace_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition""")}  # fmt: skip
    assert set(_column(filled, "SELECT what FROM pretence.call WHERE name = 'distributed'")) == tenants
    assert set(_column(filled, "SELECT what FROM pretence.call WHERE name = 'reference'")) == {"identity_user", "identity_workspace"}
    assert len(_column(filled, "SELECT what FROM pretence.call WHERE name = 'cleared'")) == len(tenants) + 2
    called = set(_column(filled, "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger t JOIN pg_attribute a ON a.attrelid = tgrelid AND attname = 'workspace_id' WHERE NOT tgisinternal"))
    assert called <= set(_column(filled, "SELECT what FROM pretence.call WHERE name = 'function'"))
    assert {t.name for t in catalog.tables if t.place == "local"} >= {"public.procrastinate_jobs", "public.django_session", "public.api_bucket"}
    assert all(t.why for t in catalog.tables)

    differ = before["keys"] ^ after["keys"]
    assert {_plain(key) for key in before["keys"]} == {_plain(key) for key in after["keys"]}
    assert all("DEFERRED" not in d for t, _n, d, _v in after["keys"] if d.startswith("FOREIGN") and f"{t}.workspace_id" in tenants)
    assert all("workspace" in d or "user_id" in d for _t, _n, d, _v in differ)
    assert {t[1] for t in before["triggers"] ^ after["triggers"]} == {"ledger", "ledger_made", "ledger_changed", "sums_insert", "sums_update", "sums_delete", "words_insert", "words_update"}
    assert _column(filled, "SELECT count(*) FROM sales_dealsum") == [0]
    assert not any("FOR EACH STATEMENT" in definition for _t, _n, definition, _e in after["triggers"])

    with workspace(scene.workspace.pk):  # as patron_app: rows are signed one by one now, and unsigned writes still refused
        with operation("accounts.create", access=scene.access("dora")) as op:
            Account.objects.bulk_create([Account(name="One"), Account(name="Two")])
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_change WHERE operation_id = %s AND table_name = 'customers_account' AND action = 'I'", [op.id])
            assert cursor.fetchone() == (2,)
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT sales_keep_sums(1)")
            assert cursor.fetchone() == (False,)
    with pytest.raises(Exception, match="outside an operation"), workspace(scene.workspace.pk):
        Account.objects.bulk_create([Account(name="Three")])
    connections["default"].close()


@pytest.mark.parametrize("at", [150, 900])
def test_a_lost_connection_is_taken_up_where_it_was(filled: libpq.Connection, at: int) -> None:
    filled.execute(_PRETENCE)
    before = _catalog(filled)
    steps = _plan(filled)
    at = min(at, len(steps) - 1)
    cut = Step(steps[at].phase, "cut off", (*steps[at].sql, "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pretence.call WHERE name = 'again') THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$"))
    run.begin(filled, [*steps[:at], cut, *steps[at + 1 :]])
    with pytest.raises(psycopg.OperationalError):
        run.go_on(filled, lambda *_: None)
    with libpq.connect({**settings.PATRON_OWNER, "NAME": _NAME}) as again:
        again.execute("INSERT INTO pretence.call (name, what) VALUES ('again', '')")
        found = run.kept(again)
        assert found is not None and found[1] == at
        assert run.go_on(again, lambda *_: None) == len(steps) - at
        assert run.kept(again) is None
        after = _catalog(again)
        assert {k: after[k] for k in ("policies", "indexes", "views", "rights", "security", "doors")} == {k: before[k] for k in ("policies", "indexes", "views", "rights", "security", "doors")}
        assert _column(again, "SELECT what FROM pretence.call GROUP BY name, what HAVING count(*) > 1") == []


_WRONG = {
    "workspace_id is not the first column": "CREATE TABLE wrong (id uuid, workspace_id uuid NOT NULL, PRIMARY KEY (workspace_id, id))",
    "must be a uuid and NOT NULL": "CREATE TABLE wrong (workspace_id uuid, id uuid)",
    "unique index public.wrong_pkey lacks workspace_id": "CREATE TABLE wrong (workspace_id uuid NOT NULL, id uuid PRIMARY KEY)",
    "lacks workspace_id, so that it could lead": "CREATE TABLE wrong (workspace_id uuid NOT NULL, a uuid); ALTER TABLE customers_account ADD UNIQUE (id); ALTER TABLE wrong ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES customers_account (id)",
    "empties columns": "CREATE TABLE wrong (workspace_id uuid NOT NULL, a uuid, FOREIGN KEY (workspace_id, a) REFERENCES customers_account (workspace_id, id) ON DELETE SET NULL)",
    "from a table of all workspaces": "CREATE TABLE wrong (a uuid, b uuid, FOREIGN KEY (a, b) REFERENCES customers_account (workspace_id, id))",
    "runs once per statement": "CREATE TRIGGER wrong AFTER DELETE ON sales_lead REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ledger_write_made('', '{}')",
    "is NOT VALID": "ALTER TABLE sales_lead ADD CONSTRAINT wrong CHECK (name <> 'x') NOT VALID",
    "materialised view": "CREATE MATERIALIZED VIEW wrong AS SELECT id FROM sales_lead",
    "reads another view": "CREATE VIEW wrong AS SELECT id FROM seen.sales_lead",
    "is switched off": "ALTER TABLE sales_lead DISABLE TRIGGER ledger",
    "counts in 32 bits": "CREATE TABLE wrong (workspace_id uuid NOT NULL, n int GENERATED ALWAYS AS IDENTITY)",
}


def test_what_shards_could_not_keep_is_refused_in_words(filled: libpq.Connection) -> None:
    for words, statement in _WRONG.items():
        filled.execute(f"BEGIN; {statement}")  # type: ignore[arg-type]
        broken = run.planned(filled)[2]
        assert any(words in found for found in broken), (words, broken)
        filled.execute("ROLLBACK")
    with libpq.connect({**settings.PATRON_OWNER, "NAME": _NAME}):
        assert "Stop patron serve" in checks.sessions(filled, run.NAME)[0]


def test_the_command_refuses_and_prints(filled: libpq.Connection, tmp_path: Path) -> None:
    owner = settings.PATRON_OWNER
    url = f"postgresql://{quote(owner['USER'])}:{quote(owner['PASSWORD'], safe='')}@{owner['HOST']}:{owner['PORT']}/{_NAME}"
    own = {**os.environ, "DATABASE_URL": url, "PATRON_DATA_DIR": str(tmp_path), "PYTHONPATH": f"{SOURCE / 'src'}:{SOURCE}"}

    def patron(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "patron.config.cli", "distribute", *arguments], env=own, cwd=SOURCE, capture_output=True, text=True, check=False)

    done = patron()
    assert done.returncode == 1 and "has no Citus" in done.stderr and "Others are connected" in done.stderr and "Nothing was changed" in done.stderr
    printed = patron("--sql")
    assert printed.returncode == 0, printed.stderr
    assert "create_distributed_table('public.sales_lead', 'workspace_id'" in printed.stdout and "has no Citus" in printed.stderr
    plan = json.loads(patron("--dry-run", "--json").stdout)
    phases = list(dict.fromkeys(step["phase"] for step in plan["steps"]))
    assert phases == ["close", "take away", "helpers", "reference tables", "distributed tables", "foreign keys", "row-level security", "triggers", "views", "statistics", "open"]
    assert {"table": "public.identity_user", "place": "reference", "why": "tables of workspaces point to it: every node has a copy"} in plan["tables"]
    filled.execute("CREATE TABLE wrong (workspace_id uuid NOT NULL, id uuid PRIMARY KEY)")
    refused = patron("--sql")
    assert refused.returncode == 1 and "wrong_pkey lacks workspace_id" in refused.stderr and refused.stdout == ""


@pytest.mark.skipif(not os.environ.get("CITUS_URL"), reason="CITUS_URL names no Citus: an empty database with the extension, as its owner")
def test_a_real_cluster(tmp_path: Path) -> None:
    url = os.environ["CITUS_URL"]
    own = {**os.environ, "DATABASE_URL": url, "PATRON_DATA_DIR": str(tmp_path), "PYTHONPATH": f"{SOURCE / 'src'}:{SOURCE}", "DJANGO_SETTINGS_MODULE": "patron.config.settings"}
    own.pop("PATRON_DATABASE_ROLE", None)

    def program(*arguments: str) -> str:
        done = subprocess.run([sys.executable, "-m", *arguments], env=own, cwd=SOURCE, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    program("patron.config.cli", "migrate")
    program("tests.soak.acts", "found")
    count = "SELECT count(*) FROM identity_membership"
    with psycopg.connect(url, autocommit=True) as owner:
        before = owner.execute(count).fetchone()
    assert json.loads(program("patron.config.cli", "distribute", "--json"))["steps"]
    assert json.loads(program("patron.config.cli", "distribute", "--json"))["steps"] == 0
    program("tests.soak.acts", "upload", "1", "50", "now")
    with psycopg.connect(url, autocommit=True) as owner:
        assert owner.execute(count).fetchone() == before
        signed = owner.execute("SELECT count(*) FROM ledger_change WHERE table_name = 'sales_lead' AND action = 'I'").fetchone()
        assert signed == owner.execute("SELECT count(*) FROM sales_lead").fetchone() == (50,)
        tenant = owner.execute("SELECT id FROM identity_workspace").fetchone()
        assert tenant is not None
        explained = owner.execute("EXPLAIN SELECT * FROM sales_lead WHERE workspace_id = %s", [tenant[0]]).fetchall()
        assert any("Task Count: 1" in line for (line,) in explained)
    program("patron.config.cli", "migrate")
