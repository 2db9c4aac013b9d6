"""The rows of a list as markup. Put together in Python, not in the template: it is what a list page spends its time on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from patron.kernel import ui
from patron.records.listing import Listing
from patron.records.record_type import RecordType

_PHONE = (" m-b", " m-c", " m-d")  # the first three cells after the title are what a phone shows


def table_rows(record_type: RecordType, listing: Listing, heads: list[dict[str, Any]], editable: dict[str, Any], here: str) -> Markup:
    """`<tr>` elements by the contract of table.js: data-id, data-href, a checkbox, the title as row head, cells with data-edit where they may change.

    Cells are markup already or are escaped here; everything else is escaped, too.
    """
    base = str(escape(here))
    select = str(escape(_("Select %(name)s")))
    opens = [_cell_start(head, i, base, head["name"] in editable) for i, head in enumerate(heads[1:])]
    title = _page_title if record_type.has_page else _dialog_title
    parts: list[str] = []
    for row in listing.rows:
        key, name = str(row.id), str(escape(row.title))
        parts.append(f'<tr data-id="{key}" data-href="{base}{key}/"><td class="sel"><input type="checkbox" name="ids" value="{key}" form="bulk" aria-label="')
        parts.append(select.replace("%(name)s", name))
        parts.append(f'"></td><th class="m-a" scope="row">{title(record_type, row.title, name, base, key)}</th>')
        for (start, edit), cell in zip(opens, row.cells, strict=True):
            shown = cell if type(cell) is Markup else escape(cell)
            parts.append(f"{start}{key}{edit}{shown}</td>" if edit else f"{start}{shown}</td>")
        parts.append("</tr>\n")
    return Markup("".join(parts))  # noqa: S704 (every part was escaped above)


def _cell_start(head: dict[str, Any], place: int, base: str, editable: bool) -> tuple[str, str]:
    """The cell's tag up to the row's key, and what follows it; nothing follows where the cell does not name the row."""
    cls = (head["cls"] + (_PHONE[place] if place < len(_PHONE) else "")).strip()
    tag = f'<td class="{cls}"' if cls else "<td"
    return (f'{tag} data-edit="{base}', f'/field/{head["name"]}/">') if editable else (f"{tag}>", "")


def _page_title(record_type: RecordType, plain: str, name: str, base: str, key: str) -> str:
    if not record_type.avatar:
        return f'<a class="who" href="{base}{key}/">{name}</a>'
    company = "co " if record_type.avatar == "company" else ""
    face = f'<span class="avatar {company}s" style="--h:{ui.hue(plain)}" data-i="{escape(ui.initials(plain))}" aria-hidden="true"></span>'
    return f'<a class="who" href="{base}{key}/">{face}{name}</a>'


def _dialog_title(_record_type: RecordType, _plain: str, name: str, base: str, key: str) -> str:
    return f'<a href="{base}{key}/edit/" data-dialog>{name}</a>'
