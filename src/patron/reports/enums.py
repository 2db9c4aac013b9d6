"""The closed lists of reports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Bucket(TextChoices):
    """How dates are grouped."""

    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")
    FISCAL_QUARTER = "fiscal_quarter", _("Fiscal quarter")
    FISCAL_YEAR = "fiscal_year", _("Fiscal year")


class Aggregate(TextChoices):
    """What is worked out over the rows of a group."""

    COUNT = "count", _("Number of")
    SUM = "sum", _("Sum of")
    AVG = "avg", _("Average of")
    MIN = "min", _("Smallest")
    MAX = "max", _("Largest")
    MEDIAN = "median", _("Median of")
    DISTINCT = "distinct", _("Different")
    FORMULA = "formula", _("Formula")


class Show(TextChoices):
    """How a measure's values are told."""

    PLAIN = "", _("As it is")
    SHARE = "share", _("Share of the total")
    RUNNING = "running", _("Running total")


class Chart(TextChoices):
    BAR = "bar", _("Bars")
    STACKED = "stacked", _("Stacked bars")
    LINE = "line", _("Line")
    FUNNEL = "funnel", _("Funnel")
    NUMBER = "number", _("Numbers")
    TABLE = "table", _("Table only")
    PIVOT = "pivot", _("Pivot table")


class Compare(TextChoices):
    """What the figures of a period stand beside."""

    NOTHING = "", _("Nothing")
    PREVIOUS = "previous", _("The period before")
    YEAR = "year", _("The same period a year before")
    CHOSEN = "chosen", _("A period of my choice")


class Frequency(TextChoices):
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
