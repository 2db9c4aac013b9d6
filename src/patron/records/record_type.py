"""A record type: the one declaration from which every screen and door of an entity follows."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from patron.identity.access import Access
from patron.records.customs import definitions, rules
from patron.records.fields import Field, fields_of
from patron.records.matching import Across, Match


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of fields in the form and on the record page."""

    title: Any
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A section of the record page: `load(record, access)` gives the context of `template`, or None to leave the panel out.

    `column` is work (left) or about (right). Loads with a constant number of queries and through `visible_to`. The records that it hands on are veiled
    (`records.veil`); `of`: fields without which it says nothing ("type.field"): where one is hidden the panel is left out.
    """

    key: str
    title: Any
    template: str
    load: Callable[[Any, Access], dict[str, Any] | None]
    column: str = "work"
    order: int = 50
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """A list of related records as a tab of the record page: those of `type_key` that `condition(record)` selects by the fields `of` ("type.field").

    Left out where one of these is hidden.
    """

    key: str
    title: Any
    type_key: str
    condition: Callable[[Any], Q]
    create: Callable[[Any], dict[str, str]] | None = None
    order: int = 50
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stat:
    """One figure of the strip on a record page; `href` opens the rows behind it. `of`: the fields of the record that it tells, none of which may be hidden."""

    label: Any
    value: str
    note: str = ""
    href: str = ""
    tone: str = ""
    of: tuple[str, ...] = ()


class RecordType:
    """Subclass, set the attributes, decorate with `@register`. Everything has a default but `key`, `model`, `label`, `plural`, `icon`."""

    #: Address, permission and API name: plural, lower case, hyphens.
    key: ClassVar[str]
    model: ClassVar[Any]
    label: ClassVar[Any]
    plural: ClassVar[Any]
    #: A lucide icon.
    icon: ClassVar[str]
    #: Section of the sidebar ("sales" …) or "" for none.
    nav: ClassVar[str] = ""
    nav_order: ClassVar[int] = 50
    #: The field that names a record; shown as its link.
    title: ClassVar[str] = "name"
    #: A second line in palette, pickers and phone lists: field names.
    subtitle: ClassVar[tuple[str, ...]] = ()
    #: Default columns of the list.
    columns: ClassVar[tuple[str, ...]] = ()
    #: Fields offered first in the filter menu; all others follow.
    filters: ClassVar[tuple[str, ...]] = ()
    #: The form, section by section; fields that verbs move (states) are in none.
    sections: ClassVar[tuple[Section, ...]] = ()
    #: The short form of the create dialog; defaults to the first section.
    quick: ClassVar[tuple[str, ...]] = ()
    #: Facts shown on the record page; defaults to all form fields.
    facts: ClassVar[tuple[str, ...]] = ()
    #: Default order; "-" in front turns it.
    sort: ClassVar[str] = "-created_at"
    #: Columns summed in the list's foot.
    totals: ClassVar[tuple[str, ...]] = ()
    #: Paths to Membership columns that make a record someone's own.
    owners: ClassVar[tuple[str, ...]] = ("owner",)
    #: Types whose visibility narrows these rows too, where `restrict` says so: somebody who sees all of them sees all rows here.
    seen_with: ClassVar[tuple[str, ...]] = ()
    #: What narrows the rows beside a role's scope, for all but administrators, in words that follow "all of them".
    narrowed: ClassVar[Any] = ""
    #: Rights that only this type has, beside those of every type: action -> what it allows.
    more_actions: ClassVar[dict[str, Any]] = {}
    #: Fields by which an import may find existing records.
    keys: ClassVar[tuple[str, ...]] = ("external_id",)
    #: Fields that never change by form, inline edit, bulk edit or import: a verb moves them.
    protected: ClassVar[tuple[str, ...]] = ()
    #: Protected fields that a file may set nevertheless: a record that comes from elsewhere brings its state along.
    by_file: ClassVar[tuple[str, ...]] = ()
    #: Fields beyond the model's own, computed in SQL: name -> Field.
    computed: ClassVar[tuple[Field, ...]] = ()
    #: JSON columns that programs may set: name -> their JSON Schema. Forms and files never do; what they mean is for `clean` to judge.
    structures: ClassVar[dict[str, dict[str, Any]]] = {}
    #: Model fields that no door shows.
    internal: ClassVar[tuple[str, ...]] = ()
    #: Tones of choice values: field -> value -> good | info | note | warn | bad | none.
    tones: ClassVar[dict[str, dict[str, str]]] = {}
    #: Fields by which a likely duplicate shows while someone types.
    duplicate_fields: ClassVar[tuple[str, ...]] = ("name", "email", "phone", "website", "company")
    #: What a violated constraint means: name -> (field or "", message). Unique constraints explain themselves.
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {}
    #: Words for headers in files, beside the label: field -> words.
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {}
    #: Reverse relations that filters may look into: name -> (type key, path from there back to here).
    collections: ClassVar[dict[str, tuple[str, str]]] = {}
    #: The fields that the badge beside the title tells.
    badge_of: ClassVar[tuple[str, ...]] = ()
    #: What stands before a title: "person", "company" or "" for the type's icon.
    avatar: ClassVar[str] = ""
    #: Whether the palette finds it, a page exists for it, people may make it by hand, files may bring it.
    searchable: ClassVar[bool] = True
    has_page: ClassVar[bool] = True
    #: Whether lists, forms and dialogs are the generated ones. A type that has screens of its own says no: none of the generated addresses is there.
    screens: ClassVar[bool] = True
    creatable: ClassVar[bool] = True
    importable: ClassVar[bool] = True
    #: How duplicates are recognised (`records.matching`): comparisons, and what makes two records worth comparing.
    matches: ClassVar[tuple[Match, ...]] = ()
    match_blocks: ClassVar[tuple[str, ...]] = ()
    #: Other types whose records may be the same person or thing.
    across: ClassVar[tuple[Across, ...]] = ()
    #: Whether several records may become one; which fields are taken from one record as a whole; which value wins over every choice.
    mergeable: ClassVar[bool] = False
    merge_together: ClassVar[tuple[tuple[str, ...], ...]] = ()
    merge_wins: ClassVar[dict[str, Any]] = {}
    #: Templates that replace the generated ones: "page", "row_detail", "form".
    templates: ClassVar[dict[str, str]] = {}
    #: One sentence for the empty list, and for the documentation.
    description: ClassVar[Any] = ""

    # --- hooks: each has a harmless default -------------------------------------------------------------------------

    def own(self, access: Access, scope: str) -> Q:
        """Which rows are a person's own, or their team's. Override where ownership is more than a column."""
        reach = access.reach(scope)
        condition = Q()
        for path in self.owners:
            condition |= Q(**{f"{path}__in": [i for i in reach if i is not None]})
        return condition if self.owners else Q(pk__isnull=True)

    def owner_ids(self, record: Any) -> set[uuid.UUID | None]:
        """The same as `own` for one loaded record."""
        return {getattr(record, f"{path}_id") for path in self.owners if "__" not in path}

    def defaults(self, access: Access) -> dict[str, Any]:
        """Values that a new record starts with, in a form, an import and the API alike."""
        return {"owner": access.member_id} if any(f.name == "owner" for f in self.fields.values()) and access.member_id else {}

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        """Rules across fields before a save: {field or "": message}."""
        return {}

    def saved(self, record: Any, *, access: Access, created: bool, changed: set[str]) -> None:
        """Consequences inside the same operation, after the row is written."""

    def imported(self, ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
        """The same consequences for many rows at once; set-based, inside the import's operation."""

    def merged(self, ids: list[uuid.UUID], *, access: Access) -> None:
        """What is derived from relations, after records were merged or parted, inside that operation. `ids` are those that exist now."""

    def stats(self, record: Any, access: Access) -> list[Stat]:
        """At most five figures for the strip of the record page."""
        return []

    def shown_stats(self, record: Any, access: Access) -> list[Stat]:
        """The figures that tell nothing which the person's role hides."""
        return [stat for stat in self.stats(record, access) if not any(access.hides(self.key, name) for name in stat.of)][:5]

    def shown_subtitle(self, access: Access) -> list[str]:
        """The fields of the second line that the person's role does not hide."""
        return [name for name in self.subtitle if not access.hides(self.key, name)]

    def badge(self, record: Any) -> tuple[str, str] | None:
        """The state beside the title: words and tone. A type that has one names the fields that it tells in `badge_of`."""
        return None

    def shown_badge(self, record: Any, access: Access) -> tuple[str, str] | None:
        """The badge, unless it tells something that the person's role hides."""
        return None if any(access.hides(self.key, name) for name in self.badge_of) else self.badge(record)

    def nav_address(self, access: Access) -> str:
        """Where the sidebar leads; empty for the list."""
        return ""

    def board_address(self, access: Access) -> str:
        """Where the type's board is; empty for types without one."""
        return ""

    def tree_address(self, access: Access) -> str:
        """Where the type's tree is; empty for types without one."""
        return ""

    def crumbs(self, record: Any, access: Access) -> list[tuple[str, uuid.UUID]]:
        """Records above this one, outermost first."""
        return []

    def all_defaults(self, access: Access) -> dict[str, Any]:
        """What a new record starts with at every door: the type's values over those of own fields."""
        return {**rules.defaults(self), **self.defaults(access)}

    # --- derived ----------------------------------------------------------------------------------------------------

    @cached_property
    def own_fields(self) -> dict[str, Field]:
        """The fields that every workspace has, by name, in the model's order, computed ones last."""
        return fields_of(self)

    @property
    def fields(self) -> dict[str, Field]:
        """Every field by name: the declared ones and, where a workspace is open, those that it added (`records.customs`)."""
        added = definitions.current().of(self.key)
        return {**self.own_fields, **{name: d.field for name, d in added.items()}} if added else self.own_fields

    @property
    def all_sections(self) -> tuple[Section, ...]:
        """The form, section by section, own fields in theirs: one of a declared name is continued."""
        added = definitions.current().of(self.key)
        if not added:
            return self.sections
        titles = {str(s.title): s for s in self.sections}
        for name, definition in added.items():
            known = titles.get(definition.section)
            titles[definition.section] = Section(known.title if known else definition.section, (*(known.fields if known else ()), name))
        return tuple(titles.values())

    @cached_property
    def has_rules(self) -> bool:
        """Whether the type has rules or consequences per record, so that a bulk edit cannot be one UPDATE."""
        return type(self).clean is not RecordType.clean or type(self).saved is not RecordType.saved

    @cached_property
    def archivable(self) -> bool:
        return any(f.name == "archived_at" for f in self.model._meta.local_fields)

    @cached_property
    def has_revision(self) -> bool:
        return any(f.name == "revision" for f in self.model._meta.local_fields)

    @property
    def form_fields(self) -> tuple[str, ...]:
        return tuple(name for section in self.all_sections for name in section.fields)

    @property
    def quick_fields(self) -> tuple[str, ...]:
        """The short form: what the type says, and own fields that must be filled."""
        added = (name for name, d in definitions.current().of(self.key).items() if d.field.required)
        return (*(self.quick or (self.sections[0].fields if self.sections else ())), *added)

    @property
    def shown_facts(self) -> tuple[str, ...]:
        """What the record page tells: the declared facts, and every own field."""
        return (*self.facts, *definitions.current().of(self.key)) if self.facts else self.form_fields

    @cached_property
    def title_path(self) -> str:
        """The ORM path of a record's name; for types that are named by what they point to, that record's name."""
        field = self.own_fields[self.title]
        if not field.is_relation:
            return field.path
        from patron.records import registry

        target = registry.find_model(field.model)
        return f"{field.path.removesuffix('_id')}__{target.title_path if target else 'name'}"

    @cached_property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    def visible(self, access: Access, action: str = "view") -> QuerySet[Any]:
        """The rows that `action` reaches for this person: the only way to load rows, for every door."""
        return self.restrict(self.model.objects.all(), access, action)

    def live(self, access: Access) -> QuerySet[Any]:
        """The visible rows without the archived ones."""
        rows = self.visible(access)
        return rows.filter(archived_at__isnull=True) if self.archivable else rows

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        """The rows that `action` reaches."""
        scope = access.scope(self.key, action)
        if scope == "all":
            return queryset
        return queryset.none() if scope is None else queryset.filter(self.own(access, scope))

    def allows(self, record: Any, access: Access, action: str) -> bool:
        """Whether `action` reaches this loaded record."""
        scope = access.scope(self.key, action)
        if scope in ("all", None):
            return scope == "all"
        return not self.owner_ids(record).isdisjoint(access.reach(scope or "own"))

    def visible_fields(self, access: Access) -> dict[str, Field]:
        """The fields that the person's role does not hide."""
        rules = access.field_rules.get(self.key)
        return {n: f for n, f in self.fields.items() if rules.get(n) != "hidden"} if rules else self.fields

    def editable_fields(self, access: Access) -> dict[str, Field]:
        """The fields that a form, inline edit, bulk edit or import of this person may set."""
        rules = access.field_rules.get(self.key, {})
        return {n: f for n, f in self.fields.items() if f.editable and n not in rules}
