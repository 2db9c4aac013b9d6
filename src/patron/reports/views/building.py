"""The builder: a form whose state is its address, with the figures beside it; and saving what was built."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from patron.kernel.digest import digest
from patron.kernel.parsing import Invalid
from patron.kernel.web import is_fragment, render
from patron.records import changes, describe, filters, registry
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.verbs import Refused
from patron.records.views import holding
from patron.records.views.base import error_list, href, values_of, view_of
from patron.reports import charts, offers, state
from patron.reports.definition import MEASURES, Definition
from patron.reports.domain import reports, sharing
from patron.reports.domain.reports import Named
from patron.reports.enums import Aggregate, Bucket, Chart, Compare, Show
from patron.reports.models import Report
from patron.reports.result import flat
from patron.reports.run import run
from patron.reports.views.base import answer, dialog, sharing_form, uuid_of
from patron.reports.views.showing import named_or_404


@require_safe
def build(request: HttpRequest, slug: str) -> HttpResponse:
    """The form and a live preview; a fragment's state goes into the address bar. `from` opens a saved or shipped report; `into` takes a filter that the filter dialog made."""
    view = view_of(request)
    params = _said(request)
    if "from" in params:
        named = named_or_404(params["from"], view.access)
        own = named.saved if params.get("report") == named.key else None
        pairs = state.to_pairs(named.definition) + ([("report", named.key), ("seen", digest(own.definition))] if own else [("copy", named.key)])
        return redirect(_address(view, pairs))
    if "into" in params:
        return redirect(_address(view, _with_filter(params)))
    record_type = registry.find(params.get("type", ""))
    if record_type is None or not view.access.can(record_type.key, "view"):
        return render(request, "reports/start.html", _start(view))
    if params.get("was", record_type.key) != record_type.key:  # other records have other fields: begin anew, and keep the chart
        params = {n: v for n, v in params.items() if n in ("type", "chart", "report", "copy", "seen")}
    context = _context(view, record_type, params)
    response = render(request, "reports/build.html", context, block="builder" if is_fragment(request) else None)
    if is_fragment(request):
        response.headers["HX-Trigger"] = json.dumps({"address": {"url": href(view.access, "reports", "build", query=context["query"])}})
    return response


def _said(request: HttpRequest) -> dict[str, str]:
    """The state in the address, without what is empty."""
    return {n: str(v) for n, v in request.GET.items() if v}


def _start(view: View) -> dict[str, Any]:
    found = [registry.get(key) for key, _label in offers.types(view)]
    types = [{"url": _address(view, [("type", t.key)]), "label": str(t.plural), "icon": t.icon, "text": str(t.description or "")} for t in found if t.nav or t.key in ("activities", "deal-lines")]
    others = [{"url": _address(view, [("type", t.key)]), "label": str(t.plural)} for t in found if not (t.nav or t.key in ("activities", "deal-lines"))]
    return {"types": types, "others": others, "back": href(view.access, "reports")}


def _address(view: View, pairs: list[tuple[str, str]]) -> str:
    return href(view.access, "reports", "build", query=urlencode([(n, v) for n, v in pairs if v]))


def _with_filter(params: dict[str, str]) -> list[tuple[str, str]]:
    """The state with the filter that the dialog made put where it belongs: the report's own, or that of a measure."""
    into, made = params.pop("into"), params.pop("f", "")
    kept = params.pop("keep", "")
    cleared = made if filters.read(made) and flat(filters.read(made)) else ""
    if into == "f":
        return [*((n, v) for n, v in params.items() if n != "f"), ("f", cleared)]
    return [*((n, v) for n, v in params.items() if n != into), (into, cleared), ("f", kept)]


def _context(view: View, record_type: RecordType, params: dict[str, str]) -> dict[str, Any]:
    definition, problem = state.lenient(params)
    named = reports.find(params.get("report", ""), view.access)
    source = named or reports.find(params.get("copy", ""), view.access)
    result = None
    if not problem:
        try:
            result = run(definition, view)
        except Invalid as error:
            problem = error.message
    pairs = [*state.to_pairs(definition), *((n, params[n]) for n in ("report", "copy", "seen") if n in params)]
    query = urlencode(pairs)
    return {
        "record_type": record_type, "definition": definition, "problem": problem, "drawing": charts.draw(result, title=_("Preview")) if result else None, "query": query,
        "named": named, "source": source, "measures": _measures(view, record_type, definition, query), "groupings": _groupings(definition), "types": offers.types(view),
        "chips": _chips(view, record_type, definition.filter, pairs, "f"), "filter_url": href(view.access, "reports", "build", "filter", query=f"{query}&into=f"),
        "charts": Chart.choices, "buckets": Bucket.choices, "aggregates": Aggregate.choices, "shows": Show.choices, "compares": Compare.choices, "sorts": _sorts(definition), "action": href(view.access, "reports", "build"),
        "may_save": sharing.may_make(Report, view.access) or bool(named and named.saved and sharing.may_change(named.saved, view.access)),
        "save": href(view.access, "reports", "save", query=query), "back": href(view.access, "reports", *([named.key] if named else [])), **offers.context(record_type, view),
    }  # fmt: skip


def _groupings(definition: Definition) -> list[dict[str, str]]:
    chosen = [{"field": g.field, "bucket": g.bucket or Bucket.MONTH} for g in definition.groupings]
    return [*chosen, *([{"field": "", "bucket": Bucket.MONTH}] if len(chosen) < 3 else [])]


def _measures(view: View, record_type: RecordType, definition: Definition, query: str) -> list[dict[str, Any]]:
    """The measures as rows of the form, and an empty one to add another."""
    rows: list[dict[str, Any]] = []
    for i, measure in enumerate(definition.measures, 1):
        other = registry.find(record_type.collections[measure.collection][0]) if measure.collection in record_type.collections else record_type
        words = [describe.phrase(other or record_type, node, view) for node in flat(measure.where)]
        rows.append({
            "n": i, "key": measure.key, "agg": measure.aggregate, "field": f"{measure.collection}:{measure.field}" if measure.collection else measure.field, "until": measure.until,
            "where": json.dumps(measure.where) if measure.where else "", "words": "; ".join(words), "formula": measure.formula, "label": str(measure.label), "show": measure.show,
            "percent": measure.percent, "filter": href(view.access, "reports", "build", "filter", query=f"{query}&into=m{i}_where"),
        })  # fmt: skip
    if len(rows) < MEASURES:
        rows.append({"n": len(rows) + 1, "key": "", "agg": "", "field": "", "until": "", "where": "", "words": "", "formula": "", "label": "", "show": "", "percent": False, "filter": ""})
    return rows


def _chips(view: View, record_type: RecordType, tree: Any, pairs: list[tuple[str, str]], into: str) -> list[dict[str, str]]:
    nodes = flat(tree)
    found = []
    for i, node in enumerate(nodes):
        rest = nodes[:i] + nodes[i + 1 :]
        without = [(n, v) for n, v in pairs if n != into] + ([(into, json.dumps({"and": rest}))] if rest else [])
        found.append({"text": describe.phrase(record_type, node, view), "remove": _address(view, without)})
    return found


def _sorts(definition: Definition) -> list[tuple[str, str]]:
    found = [("", _("As the field orders it, else the largest first")), ("group", _("By group, ascending")), ("-group", _("By group, descending"))]
    for measure in definition.measures:
        name = str(measure.label) or measure.key
        found += [(f"-{measure.key}", _("%(name)s, largest first") % {"name": name}), (measure.key, _("%(name)s, smallest first") % {"name": name})]
    return found


@require_safe
def edit_filter(request: HttpRequest, slug: str) -> HttpResponse:
    """The lists' own filter builder, for the report or for one of its measures; it leads back to the report's builder."""
    view = view_of(request)
    params = _said(request)
    record_type = registry.find(params.get("type", ""))
    if record_type is None or not view.access.can(record_type.key, "view"):
        return redirect(href(view.access, "reports", "build"))
    into = params.get("into", "f")
    current = params.get(into, "")
    about = _about(record_type, params, into)
    pairs = [(n, v) for n, v in params.items() if n not in ("f", into)]
    if into != "f":
        pairs.append(("keep", params.get("f", "")))
    context = {"record_type": about, "action": href(view.access, "reports", "build"), "query": pairs, "fields": describe.filter_fields(about, view), "f": current}
    return render(request, "records/filter.html", context, block="dialog" if is_fragment(request) else None)


def _about(record_type: RecordType, params: dict[str, str], into: str) -> RecordType:
    """Whose rows a filter narrows: for a measure over related records, those."""
    collection = params.get(into.replace("_where", "_field"), "").partition(":")[0] if into != "f" else ""
    found = record_type.collections.get(collection)
    return registry.get(found[0]) if found else record_type


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Name the report and say who sees it; a report of one's own is changed or saved as a new one."""
    view = view_of(request)
    params = _said(request)
    own = _own(params.get("report", ""), view)
    source = own or reports.find(params.get("copy", ""), view.access)
    errors: dict[str, str] = {}
    if request.method == "POST":
        change = own.saved if own and request.POST.get("save") == "change" else None
        try:
            values: dict[str, Any] = {"name": request.POST.get("name", ""), "description": request.POST.get("description", ""), "scope": request.POST.get("scope", ""), "team_id": uuid_of(request.POST.get("team", ""))}
            kept = reports.save(state.from_params(params), access=view.access, **values) if change is None else _change(request, change, view, state.from_params(params), values)
            return answer(request, _("Report saved"), href(view.access, "reports", kept.pk))
        except changes.NotValid as error:
            errors = error.errors
        except Refused as error:
            errors = {error.field: error.message}
        except Invalid as error:
            errors = {"": error.message}
    name = own.name if own else reports.copy_name(source.name) if source else ""
    context = {
        **sharing_form(request, view.access, own.saved if own else None, name, source.description if source else ""), "own": own, "errors": error_list(errors), "error": errors,
        "action": request.get_full_path(), "cancel": href(view.access, "reports", "build", query=urlencode(params)),
        "seen": holding.seen(request, _stored(own.saved), older={"definition": params["seen"]} if "seen" in params else None) if own and own.saved else "",
    }  # fmt: skip
    return dialog(request, "reports/save.html", context, status=holding.status(errors))


def _stored(report: Report) -> dict[str, Any]:
    return values_of(registry.of_model(Report), report, ("name", "description", "scope", "team", "definition"))


def _change(request: HttpRequest, report: Report, view: View, definition: Definition, values: dict[str, Any]) -> Report:
    """Change a report, unless somebody else changed the same of it since the builder was opened."""
    report = holding.locked(report)
    wanted = {"definition": definition.stored(), "team": values.pop("team_id"), **values}
    return reports.change(report, holding.of_fields(request, registry.of_model(Report).fields, report, wanted, view), access=view.access)


def _own(key: str, view: View) -> Named | None:
    found = reports.find(key, view.access) if key else None
    return found if found and found.saved and sharing.may_change(found.saved, view.access) else None
