"""Attaches the hand-offs to the record types below. Imported while Django starts."""

from patron.flows import deal_won, lead_qualified

__all__ = ["deal_won", "lead_qualified"]
