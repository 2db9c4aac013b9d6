"""Patron for assistants: a server of the Model Context Protocol over the registry, on stdio (`patron mcp`) and at `/api/mcp`.

`tools` and `calls` know nothing of the protocol; `server` and `http` alone import the SDK, when the first request or command needs it.
"""
