"""The pages of tasks and activities themselves: what they say, what they hang on, who took part, the checklist."""

from typing import Any

from patron.collab import text
from patron.collab.domain import telling
from patron.collab.domain.refs import Ref, titles
from patron.collab.models import Activity, Task
from patron.identity.access import Access
from patron.records import registry
from patron.records.veil import veiled


def text_panel(record: Activity | Task, access: Access) -> dict[str, Any] | None:
    """What a person wrote, for `_text.html`: text as markup; None where nothing was written."""
    shown = veiled(record, access)
    written: str = shown.body if isinstance(record, Activity) else shown.description
    if not written.strip():
        return None
    mentions = record.mentions.values_list("member_id", "text")
    return {"text": text.shown(written, mentions, people=telling.people_address(access))}


def links_panel(record: Activity | Task, access: Access) -> dict[str, Any] | None:
    """The records it hangs on and who took part, for `_links.html`: links (titles), people (names); None where there are none."""
    refs = [Ref(*pair) for pair in record.links.order_by("pk").values_list("record_type", "record_id")]
    if isinstance(record, Task) and record.record_id:
        refs.sort(key=lambda ref: ref.id != record.record_id)
    names = []
    if isinstance(record, Activity):
        names = list(record.attendees.filter(member__isnull=False).order_by("member__name").values_list("member__name", flat=True))
    return {"links": list(titles(refs, access).values()), "people": names} if refs or names else None


def checklist_panel(record: Task, access: Access) -> dict[str, Any] | None:
    """The checklist, for `_checklist.html`: items, how many are done, the address of a tick before the item's id, that of the add dialog."""
    task_type = registry.get("tasks")
    items = list(record.checklist.order_by("position", "id"))
    may = task_type.allows(record, access, "edit") or task_type.allows(record, access, "act")
    if not items and not may:
        return None
    root = f"/w/{access.workspace.slug}/"
    return {
        "items": items,
        "done": sum(item.done for item in items),
        "tick": f"{root}collab/checklist/" if may else "",
        "add": f"{root}tasks/{record.pk}/do/add_items/" if task_type.allows(record, access, "edit") else "",
    }
