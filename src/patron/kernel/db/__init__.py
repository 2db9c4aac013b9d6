"""A thin PostgreSQL backend that keys tenant tables by (workspace, id)."""
