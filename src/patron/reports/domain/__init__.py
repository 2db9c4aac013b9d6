"""What people do with reports and dashboards: keep, share, copy, arrange, send, delete; and what these answer."""

from patron.reports.domain import acts, answers

__all__ = ["acts", "answers"]
