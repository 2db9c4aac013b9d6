"""Forms with files, read for every door: the one thing that Django does to the names of files and should not is left out."""

from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser

_NONE = {"", ".", ".."}


class Parser(MultiPartParser):
    """Django's, but names stay as they were sent. Django reads entities of HTML in them, for browsers that wrote a form in another charset than
    UTF-8; ours is always UTF-8, and nobody can tell `R&amp;D.pdf` from a name that was escaped (RFC 7578 knows no such escape)."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        """The name without folders, of either system, and what does not print; nothing where nothing is left, and then the part is no file."""
        last = file_name.rpartition("/")[2].rpartition("\\")[2]
        kept = "".join(char for char in last if char.isprintable())
        return None if kept in _NONE else kept


class Uploads(TemporaryFileUploadHandler):
    """Files as temporary files, from a form that our parser reads: the place that Django has for a parser of one's own, whichever way a request comes."""

    def handle_raw_input(self, input_data: Any, META: dict[str, str], content_length: int, boundary: Any, encoding: str | None = None) -> Any:  # noqa: N803 - Django's name
        """The form, as (texts, files). Raises what Django's parser raises."""
        return Parser(META, input_data, [TemporaryFileUploadHandler(self.request)], encoding).parse()
