"""Folds AddIndex and AddConstraint into the CreateModel of the same migration: the same tables, made in a fifth of the time.

    .venv/bin/python tools/fold_migrations.py customers.0001_initial sales.0001_initial …

For migrations that were just written by makemigrations and run nowhere yet; rewrites the files. `makemigrations --check` must find
nothing afterwards. What needs a field that is added later stays as it is. A migration that does anything else is refused.
"""

import os
import sys
from pathlib import Path
from typing import Any

from patron.config import runtime

Item = tuple[str, Any]


def fold(operations: list[Any]) -> list[Any]:
    """The operations with what can be folded folded; raises ValueError for operations that are not about structure alone."""
    from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel

    kinds = (AddConstraint, AddField, AddIndex, CreateModel)
    if others := {type(operation).__name__ for operation in operations if not isinstance(operation, kinds)}:
        raise ValueError(f"holds {', '.join(sorted(others))}")
    created = {operation.name_lower: operation for operation in operations if isinstance(operation, CreateModel)}
    later = [(operation.model_name_lower, operation.name) for operation in operations if isinstance(operation, AddField)]
    kept = []
    for operation in operations:
        model = created.get(getattr(operation, "model_name_lower", ""))
        if model is None or not isinstance(operation, AddIndex | AddConstraint):
            kept.append(operation)
            continue
        option, item = ("indexes", operation.index) if isinstance(operation, AddIndex) else ("constraints", operation.constraint)
        text = repr(item.deconstruct())
        if any(model.name_lower == name and field in text for name, field in later):
            kept.append(operation)
        else:
            model.options[option] = [*model.options.get(option, []), item]
    return kept


def main(names: list[str]) -> None:
    """Rewrite the named migrations."""
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.writer import MigrationWriter

    known = MigrationLoader(None).disk_migrations
    for name in names:
        app, _, migration_name = name.partition(".")
        migration = known[app, migration_name]
        before = len(migration.operations)
        migration.operations = fold(migration.operations)
        path = Path(str(sys.modules[migration.__module__].__file__))
        path.write_text(MigrationWriter(migration, include_header=False).as_string())
        print(f"{name}: {before} operations, now {len(migration.operations)}")


if __name__ == "__main__":
    os.environ.setdefault("PATRON_SECRET_KEY", "none is needed")  # so that no data folder is made
    runtime.setup_django()
    try:
        main(sys.argv[1:])
    except (KeyError, ValueError) as error:
        sys.exit(f"tools/fold_migrations.py: {error}")
