"""The PostgreSQL that Patron starts itself when no DATABASE_URL is given: where it lies, who runs it, how it starts and stops."""


class DatabaseTrouble(RuntimeError):
    """The embedded PostgreSQL cannot be made, started or stopped; the message says why and what to do, in one or a few lines."""
