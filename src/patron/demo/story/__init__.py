"""The story of the demo company: pure Python, no Django, no database.

`tell(today)` gives it as plain things (`things`), always the same for the same day and seed. Who loads it into a
workspace is another module's matter.
"""

from .telling import tell
from .things import Story

__all__ = ["Story", "tell"]
