"""Write clients/python/patron_client/records.py from the API's description. `--check` only says whether it is current (exit code 1 if not).

Made for what every workspace has: own fields and own record types are read and written as well, they are only not typed.
"""

from __future__ import annotations

import keyword
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "clients" / "python" / "patron_client" / "records.py"
sys.path.insert(0, str(ROOT / "src"))
HEAD = '''"""Record types and their verbs, typed. Made by tools/client.py from the API's description: do not edit."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, TypedDict

from patron_client.core import UNSET, By, Done, DoneMany, General, Resource, Unset
from patron_client.files import Downloads, HasFiles
'''
TAKEN = {"list", "iterate", "get", "find", "create", "edit", "upsert", "delete", "bulk", "add_file", "add_files", "files", "pieces", "content", "download"}
FOR_PEOPLE = {"proposals"}  # their verbs are refused to programs


def description() -> dict[str, Any]:
    """The API as an administrator of an empty workspace sees it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patron.config.settings")
    from patron.config import runtime

    runtime.setup_django()
    from patron.api import codec
    from patron.api.openapi import document
    from patron.identity.access import Access
    from patron.identity.models import Workspace

    made: dict[str, Any] = codec.loads(codec.dumps(document.of(Access.system(Workspace(name="Patron", slug="patron")))))
    return made


def kind(schema: dict[str, Any]) -> str:
    """A schema as a Python type."""
    for many in ("anyOf", "oneOf"):
        if many in schema:
            return " | ".join(dict.fromkeys(part for s in schema[many] for part in kind(s).split(" | ")))
    if "enum" in schema:
        return f"Literal[{', '.join(repr(v) for v in schema['enum'])}]" if len(schema["enum"]) <= 12 else "str"
    named = schema.get("type", "")
    if isinstance(named, list):
        return " | ".join(kind({**schema, "type": n}) for n in named)
    if named == "object" and "by" in schema.get("properties", {}):
        return "By"
    if named == "array":
        return f"builtins.list[{kind(schema.get('items', {}))}]"
    return {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None", "object": "dict[str, Any]"}.get(named, "Any")


def class_of(title: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in title.replace("-", " ").replace("'", "").split())


def argument(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) or name in ("self", "record_id", "ids", "filter", "why", "revision") else name


def table(name: str, schema: dict[str, Any], text: str, keys: tuple[str, ...] = ()) -> list[str]:
    """A TypedDict."""
    fields = [f"    {n}: {kind(s)}" for n, s in schema["properties"].items() if not keyword.iskeyword(n)]
    return ["", "", f"class {name}(TypedDict, total=False):", f'    """{text}"""', "", *(fields or ["    pass"])]


def inputs_of(operation: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    body = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["inputs"]
    return body.get("properties", {}), body.get("required", [])


def verb(path: str, operation: dict[str, Any], record: str) -> list[str]:
    """A method per verb; `…_many` for those that take many."""
    name, many = path.rstrip("/").rpartition("/")[2], "{record_id}" not in path
    method = f"{name}_many" if many else argument(name)
    if method in TAKEN:
        return []
    properties, required = inputs_of(operation)
    first = "self, *, ids: Sequence[str] | None = None, filter: Any = None" if many else "self, record_id: str, *"
    ordered = [n for n in properties if n in required and not many] + [n for n in properties if n not in required or many]
    arguments = [f"{argument(n)}: {kind(properties[n])}" + ("" if n in required and not many else " | Unset = UNSET") for n in ordered]
    given = "{" + ", ".join(f'"{n}": {argument(n)}' for n in properties) + "}"
    tail = ["why: str = \"\"", *(() if many else ["revision: int | None = None"])]
    answer = "DoneMany" if many else f"Done[{record}]"
    call = f'self._do_many("{name}", ids, filter, {given}, why)' if many else f'self._do(record_id, "{name}", {given}, why, revision)'
    summary = operation["summary"].replace('"', "'")
    return ["", f"    def {method}({', '.join([first, *arguments, *tail])}) -> {answer}:", f'        """{summary}."""', f"        return {call}"]


def reading(path: str, operation: dict[str, Any]) -> list[str]:
    """A method per reading."""
    name = path.rstrip("/").rpartition("/")[2]
    summary = operation["summary"].replace('"', "'")
    return ["", f"    def read_{name}(self, ref: str) -> dict[str, Any]:", f'        """{summary}, by id or by the key of what comes with Patron."""', f'        return self._read(ref, "{name}")']


def written(spec: dict[str, Any]) -> str:
    """The module."""
    lines, clients, schemas = [HEAD.rstrip()], [], spec["components"]["schemas"]
    for tag in spec["tags"]:
        key = tag["name"]
        schema = schemas.get(class_of(key))
        if schema is None:
            continue
        alike = [t["name"] for t in spec["tags"] if schemas.get(class_of(t["name"]), {}).get("title") == schema["title"]]
        label, values = class_of(schema["title"] if len(alike) == 1 else f"{key} record"), schemas[f"{class_of(key)}Values"]
        resource = f"{class_of(key)}Resource"
        read = {**schema, "properties": {n: s for n, s in schema["properties"].items() if n != "included"}}
        lines += table(label, read, f"{schema['title']}, as it is read.") + table(f"{label}Values", values, f"{schema['title']}: what can be set.")
        base = "HasFiles" if f"/api/v1/{key}/{{record_id}}/files/" in spec["paths"] else "Downloads" if f"/api/v1/{key}/{{record_id}}/content/" in spec["paths"] else "Resource"
        lines += ["", "", f"class {resource}({base}[{label}, {label}Values]):", f'    """{tag["description"].split(". ")[0]}."""', "", f'    key = "{key}"']
        for path, methods in spec["paths"].items():
            if path.startswith(f"/api/v1/{key}/") and "/do/" in path and key not in FOR_PEOPLE:
                lines += verb(path, methods["post"], label)
            if path.startswith(f"/api/v1/{key}/") and "/read/" in path:
                lines += reading(path, methods["get"])
        clients += ["", "    @cached_property", f"    def {key.replace('-', '_')}(self) -> {resource}:", f"        return {resource}(self.transport)"]
    lines += ["", "", "class Patron(General):", '    """A workspace, with the rights of one key: one attribute per record type."""', *clients, ""]
    return "\n".join(lines)


def main() -> int:
    text = written(description())
    if TARGET.is_file() and TARGET.read_text() == text:
        print("current")
        return 0
    if "--check" in sys.argv:
        print("clients/python/patron_client/records.py is not current: run tools/client.py")
        return 1
    TARGET.write_text(text)
    print(f"written: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
