"""Screens that every record type has."""
