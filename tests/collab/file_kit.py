"""What tests of files in own fields share: a field, a record with one, forms with files in them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from patron.collab.models import Attachment
from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.records import changes, registry, uploads
from patron.records.custom_models import CustomField
from patron.testing import Scene

PDF = b"%PDF-1.7 an offer"


def make_field(access: Access, key: str = "contract", type_key: str = "accounts", **more: Any) -> CustomField:
    values = {"type_key": type_key, "key": key, "label": key.capitalize(), "kind": "file", **more}
    made: CustomField = changes.create(registry.get("custom-fields"), values, access=access)
    return made


def sent(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(name: str, content: bytes = PDF) -> Any:
    return uploads.keeper().accept(name, sent(name, content))


def browser(scene: Scene, name: str = "dora") -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    return client


def stored(scene: Scene, record_id: Any, type_key: str = "accounts") -> dict[str, Any]:
    """The own values of a record as they lie in the database."""
    with workspace(scene.workspace.pk):
        found: dict[str, Any] = registry.get(type_key).model.objects.get(pk=record_id).custom
        return found


def names(scene: Scene) -> list[tuple[str, str | None]]:
    """(name, field) of all files."""
    with workspace(scene.workspace.pk):
        return list(Attachment.objects.order_by("name").values_list("name", "field_key"))


def content_url(scene: Scene, file_id: Any) -> str:
    return f"/w/{scene.workspace.slug}/collab/files/{file_id}/content/"
