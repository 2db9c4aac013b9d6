"""The command line as a whole: what it knows, how it fails, how fast it answers."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click
import psycopg
import pytest
from click.testing import CliRunner

from patron.config import cli, embedded
from patron.config.version import VERSION

if TYPE_CHECKING:
    from tests.config.conftest import Site

COMMANDS = cli.cli.list_commands(click.Context(cli.cli))


def test_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())

    assert project["project"]["version"] == VERSION


def test_help_names_every_command_that_is_there() -> None:
    told = CliRunner().invoke(cli.cli, ["--help"])

    assert told.exit_code == 0
    assert all(f"  {name} " in told.output for name in COMMANDS)
    assert {"init", "serve", "worker", "migrate", "dbshell", "backup", "restore", "doctor"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_that_says_what_it_does(name: str) -> None:
    told = CliRunner().invoke(cli.cli, [name, "--help"])

    assert told.exit_code == 0
    assert len(told.output.splitlines()) > 4


@pytest.mark.parametrize("arguments", [["nonsense"], ["migrate", "--nonsense"], ["restore"], ["restore", "/nowhere"], ["serve", "--port", "0"]])
def test_what_is_not_understood_exits_with_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(cli.cli, arguments).exit_code == 2


def test_help_imports_neither_django_nor_the_database_driver() -> None:
    script = "import sys; from patron.config import cli\ntry: cli.cli.main(['--help'])\nexcept SystemExit: pass\nprint({'django', 'psycopg'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.endswith("set()\n")


@pytest.mark.parametrize("command", [["backup"], ["dbshell"], ["doctor"], ["worker"], ["migrate", "--check"]])
def test_without_a_database_a_command_says_how_to_make_one_and_makes_nothing(command: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "patron.config.cli", "--data-dir", str(tmp_path / "none"), *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )

    assert done.returncode == 1
    assert done.stderr == f"Error: There is no database in {tmp_path / 'none'}. Make one with: patron init\n"
    assert list(tmp_path.iterdir()) == []


def test_init_can_be_repeated_and_leaves_no_server_running(empty_site: Site) -> None:
    first, second = (json.loads(empty_site.run("init", "--json").stdout) for _ in range(2))

    assert first["migrations_applied"] > 0
    assert second == first | {"migrations_applied": 0}
    assert empty_site.cluster.running() is None


def test_migrate_check_says_what_is_missing_and_changes_nothing(empty_site: Site) -> None:
    missing = empty_site.run("migrate", "--check", "--json")
    applied = empty_site.run("migrate", "--json")

    assert missing.returncode == 1
    assert json.loads(missing.stdout)["unapplied"] == json.loads(applied.stdout)["applied"]
    assert empty_site.run("migrate", "--check").stdout == "The database is up to date.\n"


def test_dbshell_is_the_role_that_the_web_uses(site: Site) -> None:
    done = site.run("dbshell", "-Atc", "SELECT current_user, current_setting('application_name')")
    refused = site.run("dbshell", "-c", "CREATE TABLE mine (id int)")

    assert (done.stdout, done.returncode) == ("patron_app|patron dbshell\n", 0)
    assert "permission denied" in refused.stderr
    assert refused.returncode == 1


def test_doctor_reports_every_check_and_fails_when_one_fails(site: Site) -> None:
    with psycopg.connect(embedded.ensure_running(site.data), autocommit=True) as connection:
        connection.execute("DROP EXTENSION btree_gin CASCADE")
    done = site.run("doctor", "--json")
    verdicts = {finding["check"]: finding["verdict"] for finding in json.loads(done.stdout)}

    assert {"python", "database", "extensions", "roles", "row-level security", "migrations", "jobs", "disk space", "clock"} <= set(verdicts)
    assert verdicts["extensions"] == "fail"
    assert verdicts["roles"] == verdicts["migrations"] == verdicts["database"] == "ok"
    assert done.returncode == 1


def test_doctor_finds_a_tenant_table_without_row_level_security_and_a_role_that_grew(site: Site) -> None:
    with psycopg.connect(embedded.ensure_running(site.data), autocommit=True) as connection:
        connection.execute("CREATE TABLE leak (workspace_id uuid); GRANT SELECT ON leak TO patron_app")
        connection.execute("ALTER ROLE patron_app CREATEROLE")
    found = {finding["check"]: finding["detail"] for finding in json.loads(site.run("doctor", "--json").stdout) if finding["verdict"] == "fail"}

    assert found["row-level security"] == "open: leak"
    assert "patron_app may pass" in found["roles"]
