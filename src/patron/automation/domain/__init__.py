"""What can be done to a webhook."""

from patron.automation.domain import hooks  # noqa: F401
