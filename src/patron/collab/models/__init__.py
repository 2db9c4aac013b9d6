"""What people did, have to do, were told and keep at hand. Everything hangs on records by (type key, id) and knows none of their types."""

from patron.collab.models.activities import Activity, ActivityLink, Attendee
from patron.collab.models.attachments import Attachment
from patron.collab.models.notices import Favourite, Mention, Notification
from patron.collab.models.tasks import ChecklistItem, Task, TaskLink

__all__ = ["Activity", "ActivityLink", "Attachment", "Attendee", "ChecklistItem", "Favourite", "Mention", "Notification", "Task", "TaskLink"]
