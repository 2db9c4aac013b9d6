"""Attaches the hand-offs to the record types below, and the plans for other systems' exports. Imported while Django starts."""

from pathlib import Path

from patron.flows import deal_won, lead_qualified
from patron.records.imports import presets

__all__ = ["deal_won", "lead_qualified"]

presets.add_folder(Path(__file__).parent / "plans")
