"""Our own company and its people."""

from datetime import timedelta

from .clock import Clock, working_day_after, working_day_before
from .coining import Name, email
from .things import Office, Person, Team, Workspace
from .words import rows

WORKSPACE = Workspace(
    name="Larkfield Controls",
    slug="larkfield",
    currency="EUR",
    time_zone="Europe/Berlin",
    language="en",
    fiscal_start_month=1,
)
OFFICES = [
    Office("hamburg", "Hamburg (head office)", "Hamburg", "DE"),
    Office("lyon", "Lyon", "Lyon", "FR"),
    Office("gothenburg", "Gothenburg", "Gothenburg", "SE"),
]
ADMINISTRATOR = "maya"
FORMER = "stefan"
DESKS = {"hamburg": "+4940669691", "lyon": "+334657108", "gothenburg": "+463139006"}

#: key | name | title | role | office | manager | days with us
_PEOPLE = """
henrike|Henrike Vossberg|Managing Director|manager|hamburg||4100
maya|Maya Okafor|Commercial Director|administrator|hamburg|henrike|2480
tobias|Tobias Wendland|Head of Key Accounts|manager|hamburg|maya|2950
ingrid|Ingrid Solbakk|Head of Sales North|manager|gothenburg|maya|2210
chiara|Chiara Bellandini|Head of Sales South|manager|lyon|maya|1870
priya|Priya Nair|Key Account Manager|account-manager|hamburg|tobias|1640
daniel|Daniel Weißhaupt|Key Account Manager|account-manager|hamburg|tobias|2020
linnea|Linnéa Åkerstam|Account Manager Nordics|account-manager|gothenburg|ingrid|1490
elodie|Élodie Marchandeau|Account Manager France and Benelux|account-manager|lyon|chiara|1730
tomas|Tomás Riverola|Account Manager Iberia and Italy|account-manager|lyon|chiara|1180
owen|Owen Pritchard|Sales Executive UK and Ireland|sales-agent|gothenburg|ingrid|960
freya|Freya Lindholmer|Sales Executive Baltics and Poland|sales-agent|gothenburg|ingrid|610
karim|Karim Benhaddou|Sales Executive South|sales-agent|lyon|chiara|820
giulia|Giulia Trevisanello|Sales Executive Alps and Adriatic|sales-agent|lyon|chiara|430
stefan|Stefan Krügler|Sales Executive North|sales-agent|hamburg|ingrid|1900
anneke|Anneke de Wael|Senior Project Manager|project-manager|hamburg|henrike|2300
katharina|Katharina Lobinger|Project Manager|project-manager|hamburg|anneke|1250
joao|João Pimentel|Project Manager|project-manager|lyon|anneke|700
sven|Sven Hallbergson|Brand Manager Sensors|brand-manager|gothenburg|henrike|1560
noemie|Noémie Garrigue|Brand Manager Cloud|brand-manager|lyon|henrike|1090
emre|Emre Karaçay|Solution Consultant|consultant|hamburg|tobias|1340
aoife|Aoife Brannigan|Solution Consultant|consultant|gothenburg|ingrid|880
zsofia|Zsófia Halmosi|Pricing Consultant|consultant|hamburg|henrike|760
lucia|Lucía Peñalver|Support Agent|support-agent|lyon|katharina|520
birgit|Birgit Ahrendsen|Head of Accounts|accountant|hamburg|henrike|3400
thandiwe|Thandiwe Mokoena|Internal Auditor|auditor|hamburg|henrike|1010
"""

#: key | name | kind | members, the lead first
_TEAMS = """
north|Sales North|sales|ingrid linnea owen freya stefan
south|Sales South|sales|chiara elodie tomas karim giulia
keyaccounts|Key accounts|sales|tobias priya daniel maya
solution|Solution consultants|consultants|emre aoife sven
pricing|Pricing consultants|consultants|zsofia noemie
"""

#: Who leads whom into a deal: how much likelier than usual the seller wins (in logits).
SKILL = {"priya": 0.7, "daniel": 0.3, "maya": 0.55, "linnea": 0.35, "tomas": 0.2, "owen": -0.1, "freya": -0.45}
SKILL |= {"elodie": 0.1, "karim": -0.2, "giulia": -0.35, "stefan": -0.6, "tobias": 0.4, "ingrid": 0.25, "chiara": 0.3}

#: The countries that each seller of the regional teams looks after; the first named is the account manager.
REGIONS = {
    ("SE", "NO", "FI", "DK"): ("linnea", "freya"),
    ("GB", "IE", "US", "CA"): ("owen", "linnea"),
    ("PL", "EE", "LV", "LT", "CZ", "SK"): ("freya", "owen"),
    ("DE",): ("linnea", "ingrid", "owen", "freya"),
    ("FR", "BE", "NL", "MA"): ("elodie", "karim"),
    ("ES", "PT", "IT", "BR", "MX"): ("tomas", "karim"),
    ("AT", "CH", "SI", "HR", "HU", "RO", "GR", "TR"): ("giulia", "tomas"),
    ("AE", "NA", "ZA", "BW", "NG", "IN"): ("karim", "elodie"),
}
KEY_SELLERS = ("priya", "daniel", "maya")
PROJECT_MANAGERS = ("anneke", "katharina", "joao")
SELLERS = (*KEY_SELLERS, "tobias", "ingrid", "chiara", "linnea", "elodie", "tomas", "owen", "freya", "karim", "giulia")
LEAD_SELLERS = ("owen", "freya", "karim", "giulia", "linnea", "elodie", "tomas")

#: The former colleague sold in these countries and left that many days ago.
FORMER_COUNTRIES = ("DE", "PL", "DK")
FORMER_LEFT = 290


def people(clock: Clock) -> list[Person]:
    result = []
    for number, row in enumerate(rows(_PEOPLE)):
        key, name, title, role, office, manager, days = row.split("|")
        first, last = name.split(" ", 1)
        gone = clock.today - timedelta(days=FORMER_LEFT)
        result.append(
            Person(
                key=key,
                first_name=first,
                last_name=last,
                email=email(Name(first, last), f"{WORKSPACE.slug}.example", 0, german=office == "hamburg"),
                phone=f"{DESKS[office]}{number + 10}",
                title=title,
                role=role,
                office=office,
                manager=manager or None,
                started=working_day_after(clock.today - timedelta(days=int(days))),
                left=working_day_before(gone) if key == FORMER else None,
            )
        )
    return result


def teams() -> list[Team]:
    result = []
    for row in rows(_TEAMS):
        key, name, kind, members = row.split("|")
        keys = members.split()
        result.append(Team(key, name, kind, keys[0], tuple(keys)))
    return result


def sellers_of(country: str) -> tuple[str, ...]:
    return next(sellers for countries, sellers in REGIONS.items() if country in countries)
