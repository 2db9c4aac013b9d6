"""Verbs: what the business does. One function each, registered once, behind every door.

    @verb("deals", "lose", label=_("Mark as lost"), icon="circle-x", when=is_open)
    def lose_deal(deal: Deal, *, access: Access, reason: Annotated[LostReason, Input(_("Lost reason"))], note: str = "") -> None:

The typed keyword arguments (after `access`) are the verb's inputs: `str`, `int`, `Decimal`, `date`, `datetime`, `bool`, a model (a relation to
that record), a `TextChoices` class, `X | None` and defaults make them optional. `Annotated[..., Input(label, kind=…)]` says more.
"""

import inspect
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from patron.identity.access import Access
from patron.records import registry

When = Callable[[Any, Access], str | None]
#: What a dialog's own template needs: of the record, for the person, with the inputs as the address gives them.
Context = Callable[[Any, Access, Mapping[str, Any]], dict[str, Any]]
#: What an operation is signed as, where it is not the verb itself: name, record, details.
Signs = Callable[[Any], tuple[str, tuple[str, uuid.UUID] | None, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Input:
    """What a verb's argument is called and how it is asked for. `kind` names a field kind where the type alone does not say (long_text, money …)."""

    label: Any = ""
    kind: str = ""
    hint: Any = ""
    initial: Callable[[Any, Access], Any] | None = None
    suggest: Callable[[Any, Access], Any] | None = None


@dataclass(frozen=True, slots=True)
class VerbInput:
    """One resolved argument: `annotation` is its bare type, `required` whether it has no default."""

    name: str
    annotation: Any
    required: bool
    default: Any
    spec: Input


@dataclass(frozen=True, slots=True)
class Verb:
    """A registered verb. `when` answers None (allowed now) or the reason why not, in words for a person."""

    type_key: str
    name: str
    label: Any
    icon: str
    act: Callable[..., Any]
    inputs: tuple[VerbInput, ...]
    action: str
    when: When | None
    bulk: Callable[..., int] | bool
    tone: str
    primary: bool
    done: Any
    hint: Any
    template: str
    order: int
    needs: str | None
    context: Context | None
    page: str = ""
    signs: Signs | None = None
    as_one: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.type_key}.{self.name}"

    @property
    def past(self) -> str:
        """How the history says that it was done: as the message afterwards did, unless that names the record."""
        said = str(self.done)
        return (str(self.label) if "%(" in said else said).lower()

    def applies(self, record_type: Any) -> bool:
        """Whether the verb makes sense for the type: one for every type ("*") may need a column or a trait that not all have."""
        return self.needs is None or getattr(record_type, self.needs, None) is True or any(f.name == self.needs for f in record_type.model._meta.local_fields)

    def refusal(self, record: Any, access: Access) -> str | None:
        """Why the verb cannot be done to this record now; None where it can. Rights are checked elsewhere."""
        return self.when(record, access) if self.when else None


class Refused(Exception):
    """A verb or change that cannot be done, with the reason in words; `field` names the input it is about."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def verb(
    type_key: str,
    name: str,
    *,
    label: Any,
    icon: str,
    action: str = "act",
    when: When | None = None,
    bulk: Callable[..., int] | bool = False,
    tone: str = "",
    primary: bool = False,
    done: Any = "",
    hint: Any = "",
    template: str = "",
    order: int = 50,
    needs: str | None = None,
    context: Context | None = None,
    page: str = "",
    signs: Signs | None = None,
    as_one: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a domain function as a verb of a record type.

    `action` is the right that it takes; `bulk` True repeats it per record inside one operation, a function does the set at once:
    `(queryset, *, access, **inputs) -> int`; `done` is the message afterwards, with `%(name)s`; `primary` shows it as the page's main
    button; `page` names a page under the type's address that asks instead of a dialog when several records are chosen (`?ids=…`); `template` replaces the generated dialog, with what `context(record, access, given)` adds; `needs` names a column or
    a trait (`mergeable`) that a type must have for a verb of every type ("*"); `signs` names the act that the operation is signed as, where the verb
    stands for another; `as_one` says that its function for sets does one act to all of them together, which cannot be done one by one.
    """

    def registered(act: Callable[..., Any]) -> Callable[..., Any]:
        registry.add_verb(
            Verb(type_key, name, label, icon, act, _inputs(act), action, when, bulk, tone, primary, done or label, hint, template, order, needs, context, page, signs, as_one)
        )
        return act

    return registered


def _inputs(act: Callable[..., Any]) -> tuple[VerbInput, ...]:
    hints = get_type_hints(act, include_extras=True)
    found = []
    for name, parameter in inspect.signature(act).parameters.items():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY or name == "access":
            continue
        annotation, spec = hints[name], Input()
        if get_origin(annotation) is Annotated:
            annotation, *extras = get_args(annotation)
            spec = next((e for e in extras if isinstance(e, Input)), spec)
        required = parameter.default is inspect.Parameter.empty
        found.append(VerbInput(name, _bare(annotation), required, None if required else parameter.default, spec))
    return tuple(found)


def _bare(annotation: Any) -> Any:
    """`X | None` -> X."""
    if get_origin(annotation) in (Union, UnionType):
        return next(a for a in get_args(annotation) if a is not type(None))
    return annotation


RecordId = uuid.UUID
