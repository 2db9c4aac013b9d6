"""Screens of working together. Each answers a fragment to htmx and a page or a redirect without it."""
