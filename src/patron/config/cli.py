"""The command line `patron`. A command's module is imported when the command is asked for, so that help and errors answer at once."""

import importlib
import importlib.util
import keyword
import os
import sys

import click

from patron.config.environment import BadSetting
from patron.config.postgres import DatabaseTrouble
from patron.config.version import VERSION

COMMANDS = {
    "init": "Make the data folder, keys, database and roles; safe to repeat.",
    "serve": "Serve the web pages and run the jobs.",
    "worker": "Run background jobs only.",
    "migrate": "Bring the database to what this version needs.",
    "distribute": "Spread a filled database over a Citus cluster.",
    "demo": "Load a demo workspace, or a data set.",
    "user": "Make and change users.",
    "token": "Make and revoke API tokens.",
    "import": "Import a file into a workspace.",
    "export": "Write records, or a whole workspace, to a file.",
    "report": "Print a report.",
    "list": "Print records of a type.",
    "get": "Print one record.",
    "create": "Make a record.",
    "edit": "Change a record.",
    "do": "Do a verb to records.",
    "records": "Show the record types and what they resolve to.",
    "verbs": "Show the verbs: what can be done to which record.",
    "mcp": "Serve an assistant on this machine (Model Context Protocol).",
    "dbshell": "Open psql as the role that the web uses.",
    "backup": "Write database and uploaded files to one file.",
    "restore": "Read a backup, or a workspace's export.",
    "trail": "Show the sealed history's heads, and verify it.",
    "doctor": "Check that everything is well.",
}


def _module(name: str) -> str:
    return f"patron.config.commands.{name}{'_' if keyword.iskeyword(name) else ''}"


class Commands(click.Group):
    """Finds commands by name in patron.config.commands; the table above is all that help needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if importlib.util.find_spec(_module(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(_module(cmd_name)).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--data-dir", type=click.Path(file_okay=False), help="Where Patron keeps its data; also PATRON_DATA_DIR.")
@click.version_option(version=VERSION, prog_name="patron")
def cli(data_dir: str | None) -> None:
    """Patron: customers, sales, work and billing on your own server.

    Settings come from the environment; without any, Patron keeps its data in ./data and runs a PostgreSQL of its own.
    Exit codes: 0 done, 1 could not be done, 2 not understood.
    """
    if data_dir:
        os.environ["PATRON_DATA_DIR"] = os.path.abspath(data_dir)


def main() -> None:
    """Run `patron`; whatever goes wrong ends as a line on stderr, with the traceback only under PATRON_DEBUG=1."""
    try:
        cli.main(prog_name="patron")
    except (DatabaseTrouble, BadSetting) as trouble:
        _fail(str(trouble))
    except PermissionError as error:
        _fail(f"Permission denied: {error.filename}. Use Patron as the user who owns its data, or choose another PATRON_DATA_DIR.")
    except Exception as error:
        if os.environ.get("PATRON_DEBUG") == "1":
            raise
        text = " ".join(str(error).split()) or "no message"
        name = type(error).__name__
        _fail(f"The database cannot be reached: {text}" if name == "OperationalError" else f"{name}: {text} (PATRON_DEBUG=1 shows where)")


def _fail(message: str) -> None:
    click.echo(f"Error: {message}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
