"""Contexts of the templates: plain values, no queries left to the template."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template import engines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from patron.collab.domain import ahead, related, timeline
from patron.collab.domain.ahead import Step
from patron.collab.domain.refs import Ref, href, titles
from patron.collab.domain.sources import Edge
from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.kernel.web import page_context
from patron.records import perform, registry
from patron.records.kinds import View
from patron.records.model import Record
from patron.records.verbs import Verb
from patron.records.views.base import form_of

OWN = ("tasks", "activities")
#: Composer kinds: the verb, its icon and label, the inputs above the text, the input that is the text, the button.
KINDS: dict[str, tuple[str, str, Any, tuple[str, ...], str, Any]] = {
    "note": ("add_note", "notebook-pen", gettext_lazy("Note"), (), "body", gettext_lazy("Save note")),
    "call": ("log_call", "phone", gettext_lazy("Call"), ("with_whom", "outcome", "direction", "minutes", "at"), "body", gettext_lazy("Save call")),
    "meeting": (
        "log_meeting", "calendar", gettext_lazy("Meeting"), ("subject", "with_whom", "at", "minutes", "location"), "body", gettext_lazy("Save meeting")
    ),
    "task": ("add_task", "square-check-big", gettext_lazy("Task"), ("subject", "due", "assignee", "priority"), "description", gettext_lazy("Add task")),
}  # fmt: skip


def hangs(record: Any) -> bool:
    """Whether calls, notes and tasks hang on a record: on every business record but on themselves."""
    return isinstance(record, Record) and registry.of_model(type(record)).key not in OWN


def base(access: Access) -> str:
    return f"/w/{access.workspace.slug}/collab/"


def verb_of(type_key: str, kind: str) -> Verb:
    """The verb that a kind of the composer does; `KeyError` for no kind."""
    return registry.verb(type_key, KINDS[kind][0])


def ahead_panel(ref: Ref, access: Access) -> dict[str, Any]:
    """What is ahead on a record, for `_ahead.html`: steps, total, add (address of the dialog, "" where not allowed), list, on."""
    found = ahead.on_record(ref, access)
    fmt = Formats(access.locale, access.zone)
    return {
        "steps": [step_row(step, access, fmt, on=ref) for step in found.steps],
        "total": found.total,
        "more": found.total - len(found.steps),
        "add": f"{href(ref, access)}do/add_task/" if access.can("tasks", "create") else "",
    }


def step_row(step: Step, access: Access, fmt: Formats, *, on: Ref | None = None) -> dict[str, Any]:
    """A step as templates draw it. `complete` is the address to POST to, "" where the person may not; `finish` the dialog of a call or meeting."""
    address = href(step.ref, access)
    is_task = step.ref.type_key == "tasks"
    query = f"?{urlencode({'on': str(on)})}" if on else ""
    return {
        "id": step.ref.id, "subject": step.subject, "href": address, "who": step.who, "overdue": step.overdue, "high": step.priority == "high",
        "icon": {"call": "phone", "meeting": "calendar", "follow_up": "calendar-clock"}.get(step.kind, ""), "about": step.about,
        "when": _when(step, fmt), "iso": step.at.isoformat() if step.at else step.day.isoformat() if step.day else "",
        "complete": f"{base(access)}tasks/{step.ref.id}/complete/{query}" if is_task and step.may else "",
        "finish": f"{address}do/mark_done/" if not is_task and step.may else "",
    }  # fmt: skip


def _when(step: Step, fmt: Formats) -> str:
    if step.day is None:
        return ""
    near = abs((step.day - fmt.today()).days) <= 1
    day = fmt.relative_day(step.day) if near else fmt.day(step.day)
    return f"{day}, {fmt.time(step.at)}" if step.at else day


def my_day(access: Access) -> dict[str, Any]:
    """The person's day for `_my_day.html` as `day`, beside what they were told: overdue, today, week, notices, unread, more."""
    found, fmt = ahead.my_day(access), Formats(access.locale, access.zone)
    rows = {name: [step_row(s, access, fmt) for s in getattr(found, name)] for name in ("overdue", "today", "week")}
    return {**rows, "notices": found.notices, "unread": found.unread, "more": found.more}


def stream_panel(record: Any, access: Access) -> dict[str, Any]:
    """Composer and first page of the timeline, for `_stream.html`."""
    ref = Ref.of(record)
    may = perform_refusal(record, "note", access) is None
    return {"composer": composer_panel(record, access, "note") if may else None, "timeline": timeline_panel(ref, access, with_related=related.has_family(ref.type_key))}


def perform_refusal(record: Any, kind: str, access: Access) -> str | None:
    """Why a kind of the composer cannot be used on the record; None where it can."""
    return verb_of(registry.of_model(type(record)).key, kind).refusal(record, access)


def composer_panel(record: Any, access: Access, kind: str, *, typed_in: Any = None, errors: dict[str, str] | None = None) -> dict[str, Any]:
    """A composer for `_composer.html`: kinds as tabs, the fields above the text, the text, errors and the button."""
    ref, view = Ref.of(record), View(access, Formats(access.locale, access.zone))
    _verb, _icon, label, above, text, button = KINDS[kind]
    verb = verb_of(ref.type_key, kind)
    inputs = perform.input_fields(verb)
    initial = {f.name: i.default for f, i in zip(inputs, verb.inputs, strict=True)}
    drawn = {f["name"]: f for f in form_of(inputs, view, initial, typed_in=typed_in, errors=errors)}
    here = f"{base(access)}on/{ref}/compose/"
    shown = [k for k in KINDS if perform_refusal(record, k, access) is None]
    return {
        "kind": kind, "label": label, "button": button, "action": f"{here}{kind}/", "errors": list((errors or {}).items()),
        "kinds": [{"key": k, "icon": KINDS[k][1], "label": KINDS[k][2], "url": f"{here}{k}/", "current": k == kind} for k in shown],
        "fields": [drawn[name] for name in above], "text": drawn[text],
        "people": [t.text for t in titles(related.people(ref, access), access).values() if not t.hidden] if "with_whom" in above else [],
    }  # fmt: skip


def timeline_panel(ref: Ref, access: Access, *, before: Edge | None = None, under: str = "", with_related: bool = False) -> dict[str, Any]:
    """A page of a timeline for `_timeline.html`. `under` is the last group's key of the page before: its heading is not repeated."""
    page = timeline.page(ref.type_key, ref.id, access, before=before, with_related=with_related)
    here = f"{base(access)}on/{ref}/timeline/"
    chosen = {} if with_related else {"related": "0"}
    tabs = []
    if related.has_family(ref.type_key):
        tabs = [
            {"label": _("With related"), "url": here, "current": with_related},
            {"label": _("Only this"), "url": f"{here}?related=0", "current": not with_related},
        ]
    older = f"{here}?{urlencode({'before': page.older, 'under': page.last_key or under, **chosen})}" if page.older else ""
    return {"groups": page.groups, "under": under, "older": older, "tabs": tabs, "first": before is None}


def star(ref: Ref, access: Access, *, kept: bool, request: HttpRequest) -> Markup:
    """The button that keeps a record at hand."""
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    context = {**page_context(request), "action": f"{base(access)}favourites/{ref}/", "kept": kept}
    return Markup(env.get_template("collab/_star.html").render(context))  # noqa: S704  (the template escapes)
