"""What a list is asked for: the filter language of saved views, short forms of it, words, order and place."""

from __future__ import annotations

import uuid
from typing import Any

from patron.api.problems import Problem
from patron.kernel.parsing import Invalid
from patron.records import filters, saved_views
from patron.records.kinds import View, kind_of
from patron.records.listing import ListState
from patron.records.record_type import RecordType

KNOWN = ("f", "q", "sort", "after", "limit", "fields", "include", "totals", "archived", "view")
LIMIT, MOST = 50, 200
#: What `filter[name]=value` means for a kind of field.
_PLAIN = ("is", "eq", "on")


def single(query: dict[str, list[str]], name: str, default: str = "") -> str:
    """A parameter that may be given once."""
    values = query.get(name, [default])
    if len(values) != 1:
        raise Problem("malformed", errors={name: "Give this parameter once."})
    return values[0]


def names(query: dict[str, list[str]], name: str) -> list[str]:
    """A parameter that is a list of names with commas between; none where it is left out. Blank names are refused, as a blank sort is."""
    found = [part.strip() for part in single(query, name).split(",")] if name in query else []
    if not all(found):
        raise Problem("unknown-parameter", errors={name: "Write names with commas between them, or leave this parameter out."})
    return list(dict.fromkeys(found))


def limit_of(query: dict[str, list[str]]) -> int:
    text = single(query, "limit", str(LIMIT))
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or not 1 <= int(text) <= MOST:
        raise Problem("malformed", errors={"limit": f"Enter a whole number from 1 to {MOST}."})
    return int(text)


def flag(query: dict[str, list[str]], name: str) -> bool:
    text = single(query, name, "false")
    if text not in ("true", "false"):
        raise Problem("malformed", errors={name: "Enter true or false."})
    return text == "true"


def state_of(record_type: RecordType, query: dict[str, list[str]], view: View) -> ListState:
    """The list's state; unknown parameters, fields and operators are refused by name."""
    base = _saved(record_type, single(query, "view"), view) if "view" in query else ListState()
    nodes = [base.filter] if base.filter else []
    if text := single(query, "f"):
        nodes.append(_tree(text))
    nodes += short_forms(record_type, {n: v for n, v in query.items() if n not in KNOWN}, view)
    sort = single(query, "sort", base.sort)
    tree: Any = {} if not nodes else nodes[0] if len(nodes) == 1 else {"and": nodes}
    return ListState(
        filter=tree, words=_words(single(query, "q", base.words)), sort=_sort(record_type, sort, view) if sort or "sort" in query else "",
        archived=flag(query, "archived") if "archived" in query else base.archived, after=_cursor(single(query, "after")),
    )  # fmt: skip


def _tree(text: str) -> Any:
    if len(text) > 20_000:
        raise Problem("bad-filter", errors={"f": "This filter is too long."})
    try:
        tree = filters.read(text)
    except Invalid:
        raise Problem("bad-filter", errors={"f": "Write the filter as JSON, such as [\"name\", \"contains\", \"acme\"] or {\"and\": […]}."}) from None
    if not isinstance(tree, dict | list):
        raise Problem("bad-filter", errors={"f": "A filter is a condition [field, operator, value], or {\"and\": […]}, {\"or\": […]}, {\"not\": …}."})
    return tree


def _saved(record_type: RecordType, wanted: str, view: View) -> ListState:
    try:
        return saved_views.named(record_type.key, str(uuid.UUID(wanted)), view.access) or ListState()
    except filters.BadFilter as error:
        raise Problem("bad-filter", errors={"view": error.message}) from None
    except ValueError:
        raise Problem("bad-filter", errors={"view": "Give the id of a saved view."}) from None


def _sort(record_type: RecordType, name: str, view: View) -> str:
    try:
        found = filters.resolve(record_type, name.removeprefix("-"), view)
    except Invalid as error:
        raise Problem("unknown-parameter", errors={"sort": error.message}) from None
    if not found.sortable or found.kind in ("tags", "multi_choice", "json"):
        raise Problem("unknown-parameter", errors={"sort": "Lists are not sorted by this field."})
    return name


def _words(text: str) -> str:
    if len(text) > 200:
        raise Problem("malformed", errors={"q": "Look for at most 200 characters."})
    return text.strip()


def _cursor(text: str) -> str:
    if len(text) > 2000:
        raise Problem("malformed", errors={"after": "This is no cursor of ours."})
    return text


def short_forms(record_type: RecordType, query: dict[str, list[str]], view: View) -> list[Any]:
    """`filter[name]=value` and `name.operator=value` as conditions; a parameter given again means any of the values."""
    nodes = []
    for name, values in query.items():
        plain = name.startswith("filter[") and name.endswith("]")
        field_name, operator = (name[7:-1], "") if plain else (name.rpartition(".")[0], name.rpartition(".")[2])
        try:
            if not field_name:
                raise Invalid("There is no such parameter.")
            field = filters.resolve(record_type, field_name, view)
        except Invalid as error:
            raise Problem("unknown-parameter", errors={name: error.message}) from None
        known = {o.key: o for o in kind_of(field.kind).all_operators()}
        operator = operator or next((o for o in _PLAIN if o in known), "")
        if operator not in known:
            raise Problem("unknown-parameter", errors={name: f"Operators of this field: {', '.join(known) or 'none'}."})
        nodes.append([field_name, operator, values if known[operator].values in ("many", "two") or len(values) > 1 else values[0]])
    return nodes
