"""Pictures of a result: SVG drawn by the server in sizes that a phone can read, each with its table, labels and links to the rows behind."""

from patron.reports.charts.drawing import Drawing, draw

__all__ = ["Drawing", "draw"]
