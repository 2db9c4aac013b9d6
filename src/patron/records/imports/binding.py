"""A plan tied to a record type, a file's headings and a person: what every later step reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patron.identity.access import Access
from patron.kernel import parsing
from patron.records import registry, uploads
from patron.records.fields import Field
from patron.records.imports import database, extras, own
from patron.records.imports.cells import BLANK, Amount, Cells, Named, Problem, Texts, texts_of
from patron.records.imports.making import Maker
from patron.records.imports.plan import Column, Plan
from patron.records.imports.targets import Target
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.verbs import Refused

HISTORY = ("created_at", "updated_at")
ID = Field("id", "text", gettext_lazy("ID"), "id", aliases=("record id", "patron id"))
_KEY_KINDS = ("text", "email", "phone", "url", "relation", "person", "integer", "date", "choice")


def importable(record_type: RecordType, access: Access, *, history: bool = False) -> dict[str, Field]:
    """The fields that this person's file may set, and those by which it may only find records (see `settable`)."""
    found = dict(settable(record_type, access, history=history))
    visible = record_type.visible_fields(access)
    found.update({name: visible[name] for name in record_type.keys if name in visible and name not in found})
    return {**found, "id": ID}


def settable(record_type: RecordType, access: Access, *, history: bool = False) -> dict[str, Field]:
    """The fields that an import may write: those of the form, and when it is asked for the days when records were made and changed."""
    found = {n: f for n, f in record_type.editable_fields(access).items() if f.kind != "json" and (f.kind != "file" or uploads.keeper().may_add(access))}
    rules = access.field_rules.get(record_type.key, {})
    found.update({n: record_type.fields[n] for n in record_type.by_file if n not in rules})
    if history:
        found.update({n: record_type.fields[n] for n in HISTORY if n in record_type.fields and n not in rules})
    return found


def may(record_type: RecordType, plan: Plan, access: Access) -> None:
    """Raise `Refused` where the person's role does not allow what the plan does."""
    if not record_type.importable or not access.can(record_type.key, "import"):
        raise Refused(_("Your role does not allow to import %(plural)s.") % {"plural": str(record_type.plural).lower()})
    if plan.mode != "update" and not access.can(record_type.key, "create"):
        raise Refused(_("Your role does not allow to create %(plural)s.") % {"plural": str(record_type.plural).lower()})
    if plan.mode != "create" and not access.can(record_type.key, "edit"):
        raise Refused(_("Your role does not allow to change %(plural)s.") % {"plural": str(record_type.plural).lower()})


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find existing records: fields that must all agree. `columns` are where the table is looked up for each."""

    fields: tuple[Field, ...]
    columns: tuple[str, ...]

    @property
    def label(self) -> str:
        return " + ".join(str(f.label) for f in self.fields)


class Bound:
    """The plan, ready to read rows. Raises `Refused` where it does not fit the type, the file or the person's rights."""

    def __init__(self, plan: Plan, headings: Sequence[str], view: View) -> None:
        found = registry.find(plan.type)
        if found is None:
            raise Refused(_("There is no record type “%(key)s”.") % {"key": plan.type})
        self.type: RecordType = found
        self.plan, self.view, self.access = plan, view, view.access
        may(self.type, plan, self.access)
        self.place = {name: index for index, name in enumerate(headings)}
        self._normal: dict[str, Callable[[Any], str]] = {}
        self.extras: list[extras.Bound] = []
        self.filed: dict[str, extras.Bound] = {}  # own fields of files by name: an extra fills each
        self.columns = self._columns()
        self.plain = sorted((c for c in self.columns if not c.field.is_relation), key=lambda c: c.field.kind == "money")
        links = [c for c in self.columns if c.field.is_relation]
        self.targets = {c.path: Target(c.field, c.column.relation, view) for c in links}
        for target in self.targets.values():
            target.shares(self.type.fields)
        self.makers = self._makers(links)
        self.selves = [c for c in links if c.field.model is self.type.model and not c.field.is_custom]
        self.links = sorted((c for c in links if c not in self.selves), key=lambda c: bool(self.targets[c.path].narrow_path))
        self.fixes = self._fixes()
        for extra in self.extras:
            extra.fixes = self.fixes
        self.ways = [self._way(names) for names in plan.ways()]
        self.defaults = self._defaults()
        self.required = self._required()
        self.alike = self._alike()

    # --- what the plan names ----------------------------------------------------------------------------------------

    def _columns(self) -> list[Cells]:
        known = importable(self.type, self.access, history=self.plan.history)
        found: dict[str, Cells] = {}
        for column in self.plan.columns:
            if not column.field:
                continue
            if column.field.startswith(extras.MARK):
                self.extras.append(self._extra(column))
                continue
            field = known.get(column.field)
            if field is None:
                raise Refused(_("“%(field)s” of %(plural)s cannot be set by a file.") % {"field": column.field, "plural": str(self.type.plural).lower()})
            if field.name in found or field.name in self.filed:
                raise Refused(_("Two columns are matched to “%(field)s”. Choose one.") % {"field": field.label})
            if field.kind == "file":
                self.filed[field.name] = extras.Bound(extras.of_field(field), column, texts_of(column, self.place))
                self.extras.append(self.filed[field.name])
                continue
            found[field.name] = Cells(field, column, texts_of(column, self.place), self.view, self._stored(field.name))
        if not found:
            raise Refused(_("Match at least one column to a field."))
        return list(found.values())

    def _extra(self, column: Column) -> extras.Bound:
        found = extras.find(column.field, self.type, self.access)
        if found is None:
            raise Refused(_("“%(field)s” of %(plural)s cannot be set by a file.") % {"field": column.field, "plural": str(self.type.plural).lower()})
        return extras.Bound(found, column, texts_of(column, self.place))

    def _makers(self, links: list[Cells]) -> dict[str, Maker]:
        """Who makes what a column names and nobody has, by column of the table. Columns of one type share it."""
        shared: dict[Any, Maker] = {}
        found = {}
        for cell in links:
            spec = cell.column.relation
            if spec.create:
                key = (cell.field.model, spec.by)
                if key not in shared:
                    shared[key] = Maker(cell.field, spec, self.view, self.place)
                found[cell.path] = shared[key]
        return found

    @cached_property
    def parts(self) -> list[Maker]:
        """The makers in order; the staged rows of the first are part 1."""
        return list(dict.fromkeys(self.makers.values()))

    def _stored(self, name: str) -> Any:
        return next((f for f in self.type.model._meta.local_fields if f.name == name and name != "id"), None)

    def _fixes(self) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for column in self.plan.columns:
            if column.fixes and column.column:
                index = texts_of(Column(column=column.column), self.place).index
                found.setdefault(index, {}).update(column.fixes)  # type: ignore[arg-type]
        return found

    def _way(self, names: list[str]) -> Way:
        by_name = {c.name: c for c in self.columns}
        fields = []
        for name in names:
            if name not in by_name:
                raise Refused(_("Records are found by “%(field)s”, but no column is matched to it.") % {"field": self._label(name)})
            field = by_name[name].field
            if field.kind not in _KEY_KINDS:
                raise Refused(_("Records cannot be found by “%(field)s”.") % {"field": field.label})
            fields.append(field)
        return Way(tuple(fields), tuple(self.looked_up(f) for f in fields))

    def _label(self, name: str) -> str:
        return str(self.type.fields[name].label) if name in self.type.fields else name

    def looked_up(self, field: Field) -> str:
        """The table's column by which a field is looked up: companies with the same domain have the same website."""
        if field.kind == "url" and "domain" in database.columns(self.type.model):
            return "domain"
        return field.path

    def normaliser(self, field: Field) -> Callable[[Any], str]:
        """What makes values of this field comparable, as rows are found by them."""
        if field.name not in self._normal:
            column = self.looked_up(field)
            if column == "domain" and field.kind == "url":
                self._normal[field.name] = lambda value: parsing.domain_of(str(value))
            else:
                self._normal[field.name] = database.normaliser(database.columns(self.type.model).get(column))
        return self._normal[field.name]

    # --- what new rows start with -----------------------------------------------------------------------------------

    def _defaults(self) -> dict[str, Any]:
        """Values of new rows by column of the table: the type's, over them the plan's."""
        fields, found = self.type.fields, own.defaults(self.type)
        for name, value in self.type.defaults(self.access).items():
            found[fields[name].path if name in fields else name] = value.pk if isinstance(value, models.Model) else value
        known = settable(self.type, self.access, history=self.plan.history)
        for name, text in self.plan.defaults.items():
            if name not in known or known[name].kind == "file":
                raise Refused(_("“%(field)s” of %(plural)s cannot be set by a file.") % {"field": name, "plural": str(self.type.plural).lower()})
            found[known[name].path] = self.one(known[name], text)
        return found

    def one(self, field: Field, text: str) -> Any:
        """The value of a text of the plan itself; `Refused` where it stands for none."""
        column = Column(field=field.name, constant=text)
        value = Cells(field, column, Texts(None, text), self.view, self._stored(field.name)).value(text)
        if isinstance(value, Named):
            value = Target(field, column.relation, self.view).resolve([value.text])[value.text]
        if isinstance(value, Problem):
            raise Refused(f"{field.label}: {value.message}")
        return field.default if value is BLANK else value.value if isinstance(value, Amount) else value

    def _required(self) -> list[tuple[str, str, str]]:
        """(column of the table, heading, label) of what every new row must have; `Refused` where the file cannot give it."""
        mapped = {c.path: c for c in self.columns}
        found = []
        for field in self.type.fields.values():
            if not field.required or not field.editable or field.name in self.filed or own.by_row(field, self.type) or self.defaults.get(field.path) not in (None, ""):
                continue
            if field.path in mapped:
                found.append((field.path, mapped[field.path].heading, str(field.label)))
            elif self.plan.mode != "update":
                raise Refused(_("Match a column to “%(field)s”: every new %(type)s needs it.") % {"field": field.label, "type": str(self.type.label).lower()})
        return found

    # --- rows that look like others -----------------------------------------------------------------------------------

    def _alike(self) -> list[Field]:
        """The fields by which a new row looks like an existing record, most telling first."""
        if self.plan.alike == "create" or self.plan.mode == "update":
            return []
        by_name = {c.name: c.field for c in self.columns}
        names = self.plan.alike_by if self.plan.alike_by is not None else self._telling()
        return [by_name[n] for n in names if n in by_name and self.looked_up(by_name[n]) in database.columns(self.type.model)]

    def _telling(self) -> list[str]:
        """People are the same by their e-mail address or telephone, everything else by its e-mail address or name, as far as the type looks for duplicates."""
        person = self.type.avatar == "person" and "email" in self.type.fields
        wanted = ("email", "phone") if person else ("email", self.type.title)
        return [n for n in wanted if n in self.type.duplicate_fields]

    # --- what is written ----------------------------------------------------------------------------------------------

    @cached_property
    def written(self) -> list[Cells]:
        """The columns whose values are written; those that only find records are not among them."""
        known = settable(self.type, self.access, history=self.plan.history)
        return [c for c in self.columns if c.name in known]

    @cached_property
    def paths(self) -> list[str]:
        """The table's columns that differ from row to row, in the table's order."""
        varied = {c.path for c in self.written} | {c.field.currency for c in self.plain if c.field.kind == "money" and c.field.currency}
        varied |= {t.narrow_path for t in self.targets.values() if t.narrow_path}
        if self.plan.tag and "tags" in self.type.fields:
            varied.add("tags")
        varied |= own.varying(self.type)
        return [*(f.attname for f in self.type.model._meta.local_fields if f.attname in varied), *sorted(filter(own.is_own, varied))]

    @cached_property
    def inserted(self) -> list[str]:
        """The same for new rows, which point to others of their kind only once all of them are there."""
        selves = {c.path for c in self.selves}
        return [path for path in self.paths if path not in selves]

    @cached_property
    def once(self) -> dict[str, str]:
        """Columns written by this import whose values no two records may share -> their label."""
        found, around = {}, ("workspace", getattr(self.type.model, "shared_by", ""))
        for constraint in self.type.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                names = [n for n in constraint.fields if n not in around]
                names += [n for n in map(_name_of, constraint.expressions) if n not in around]
                if len(names) == 1 and names[0] in self.paths and names[0] in database.columns(self.type.model):
                    found[names[0]] = self._label(names[0])
        return found

    @cached_property
    def own_once(self) -> list[Field]:
        """Own fields written by this import whose values no two records may share."""
        return own.once(self.type, self.paths)


def _name_of(expression: Any) -> str:
    """The column that an expression of a constraint is about."""
    if hasattr(expression, "name"):
        return str(expression.name)
    inner = expression.get_source_expressions()
    return _name_of(inner[0]) if inner else ""

