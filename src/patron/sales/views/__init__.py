"""Screens of selling that no other record type has."""
