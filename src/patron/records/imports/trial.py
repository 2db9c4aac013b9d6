"""What the database itself would refuse (CHECK constraints), found before anything is written."""

from __future__ import annotations

import uuid

from patron.records.imports.binding import Bound


class Trial:
    def __init__(self, import_id: uuid.UUID, bound: Bound) -> None:
        self.import_id, self.bound = import_id, bound

    def run(self) -> None:
        pass
