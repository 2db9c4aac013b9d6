"""Handlers: one function per address and method, each from a `Call` to a response."""
