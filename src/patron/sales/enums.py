"""The closed lists of selling."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LeadStatus(TextChoices):
    NEW = "new", _("New")
    WORKING = "working", _("Working")
    QUALIFIED = "qualified", _("Qualified")
    DISQUALIFIED = "disqualified", _("Disqualified")


class Rating(TextChoices):
    UNRATED = "unrated", _("Unrated")
    GOOD = "good", _("Good")
    BAD = "bad", _("Bad")


class StageKind(TextChoices):
    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class Outcome(TextChoices):
    """How a deal ended (D2)."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    PARTIALLY_WON = "partially_won", _("Partially won")
    LOST = "lost", _("Lost")


class LineOutcome(TextChoices):
    """How a line ended (D2). A line that was won in part counts as won; `lost_quantity` says what fell away."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    DEFERRED = "deferred", _("Deferred")


class ForecastCategory(TextChoices):
    """Where an open deal counts in the forecast (D1): best case is Commit and Best together."""

    PIPELINE = "pipeline", _("Pipeline")
    BEST = "best", _("Best case")
    COMMIT = "commit", _("Commit")
    OMITTED = "omitted", _("Omitted")
    CLOSED = "closed", _("Closed")


class StakeholderRole(TextChoices):
    DECISION_MAKER = "decision_maker", _("Decision-maker")
    CHAMPION = "champion", _("Champion")
    TECHNICAL = "technical", _("Technical evaluator")
    BUYER = "buyer", _("Buyer")
    USER = "user", _("User")
    BLOCKER = "blocker", _("Blocker")
    OTHER = "other", _("Other")


class Influence(TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Sentiment(TextChoices):
    POSITIVE = "positive", _("Positive")
    NEUTRAL = "neutral", _("Neutral")
    NEGATIVE = "negative", _("Negative")


class MemberRole(TextChoices):
    LEAD = "lead", _("Lead")
    SUPPORT = "support", _("Support")
    TECHNICAL = "technical", _("Technical")
    SPONSOR = "sponsor", _("Sponsor")


class RivalOutcome(TextChoices):
    """What became of a competitor in one deal."""

    OPEN = "open", _("Open")
    BEATEN = "beaten", _("Beaten")
    LOST_TO = "lost_to", _("Lost to them")
    WITHDREW = "withdrew", _("Withdrew")


class ReviewState(TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    WITHDRAWN = "withdrawn", _("Withdrawn")  # the deal was reopened before anyone looked


class Winnable(TextChoices):
    """A review's verdict."""

    YES = "yes", _("Could have been won")
    NO = "no", _("Could not have been won")
    UNCLEAR = "unclear", _("Unclear")
