"""What people do together. Importing this package registers its verbs."""

from patron.collab.domain import activities, anything, checklists, task_verbs

__all__ = ["activities", "anything", "checklists", "task_verbs"]
