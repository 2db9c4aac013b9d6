"""Public data sets: recognised by their files, loaded through the importer into a workspace of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from patron.identity.access import Access
from patron.identity.domain import workspaces
from patron.identity.models import Workspace
from patron.kernel.formats import Formats
from patron.kernel.tenancy import workspace as open_workspace
from patron.ledger.operations import operation
from patron.records.imports import dataset
from patron.records.imports.dataset import DataSet
from patron.records.kinds import View
from patron.records.verbs import Refused
from patron.sales.domain.start import ship_lists

FOLDER = Path(__file__).parent / "plans"


class Loaded(NamedTuple):
    """What loading a data set did: the workspace, whether it was made now, and per step its title and counts."""

    workspace: Workspace
    made: bool
    steps: list[tuple[str, dict[str, Any]]]


def known() -> list[DataSet]:
    """Every plan of the repository."""
    return [dataset.read(path) for path in sorted(FOLDER.glob("*.toml"))]


def recognise(folder: Path) -> DataSet:
    """The plan for the files in a folder; `Refused` where none fits."""
    for plan in known():
        if dataset.recognises(plan, folder):
            return plan
    wanted = "; ".join(f"{plan.name}: {', '.join(plan.files)}" for plan in known())
    raise Refused(f"No plan knows the files in {folder}. Known sets – {wanted}")


def load(folder: Path, *, slug: str = "", say: Callable[[str], object] = lambda words: None, also: Callable[[Workspace], object] = lambda place: None) -> Loaded:
    """Load the data set in `folder` into its workspace, made where it is missing. One transaction: whole or not at all.

    `slug` is another address than the plan's; `also` may bring people in before the first import. Loading again changes only what differs.
    """
    plan = recognise(folder)
    with transaction.atomic():
        place, made = _place(plan, slug or str(plan.workspace["slug"]))
        with open_workspace(place.pk):
            access = Access.system(place)
            if made:
                with operation("workspaces.found", access=access):
                    workspaces.ship_roles()
            also(place)
            view = View(access, Formats(access.locale, access.zone))
            items = dataset.run(plan, folder, view, say)
            if made:
                with operation("workspaces.found", access=access):
                    ship_lists()  # the data set's pipeline is there by now and stays the only one
    return Loaded(place, made, [(step.title, item.counts) for step, item in zip(plan.steps, items, strict=True)])


def _place(plan: DataSet, slug: str) -> tuple[Workspace, bool]:
    found = Workspace.objects.filter(slug=slug).first()
    if found is not None:
        return found, False
    settings = {name: value for name, value in plan.workspace.items() if name not in ("slug", "name")}
    return workspaces.found(str(plan.workspace["name"]), slug, **settings), True
