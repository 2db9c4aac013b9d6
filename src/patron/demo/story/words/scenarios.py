"""What deals are about: how they are called, what is in them, how long they take.

Names may hold {subject} (a thing that the industry watches), {lower} (the same inside a sentence), {city}, {year} and
{phase}. Lines are `SKU low-high`; quantities grow with the size of the customer unless they end in `!`; `?` lines come
in half the deals.
`OWN` is the sensor that the customer's industry mostly takes.
"""

from dataclasses import dataclass

from . import rows


@dataclass(frozen=True, slots=True)
class Part:
    """One line that a deal of this kind has."""

    sku: str
    low: int
    high: int
    fixed: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    key: str
    weight: int
    industries: tuple[str, ...]  # empty for all
    days: tuple[int, int]  # from first word to signature
    names: tuple[str, ...]
    parts: tuple[Part, ...]


_NEW = """
pilot|20||20-75|{subject} monitoring pilot;{subject} trial, {city};Pilot: {lower}, {city};{subject} proof of value
  |OWN 4-10,GW-410 1-1!,SW-PRO 4-10,SV-INS 1-2!?
rollout|16||60-190|{subject} roll-out, phase {phase};{subject} monitoring, {city};{subject} roll-out {year}
  ;Plant-wide {lower} monitoring|OWN 14-46,GW-410 2-5,SW-PRO 14-46,SV-INS 2-6,SV-TRN 1-2!?
rotating|8|chemicals metals paper building automotive|40-150|{subject} vibration monitoring
  ;Condition monitoring, {lower};{subject}: rotating machines;Predictive maintenance {city}|VB-100 10-34,AC-150
  2-8?,GW-450 1-4,SW-PRD 8-24,SV-ENG 16-60!
atex|4|chemicals pharma|70-200|ATEX sensors, {city};Zone 1 extension {year};Agitator monitoring, {city}
  |VB-300 6-26,GW-450 1-3,SW-PRO 6-26,SV-SUR 1-3!,SV-INS 2-6?
leak|7|water public|40-160|Leak analytics add-on;Leak loggers, {city};Night flow analytics {year};Leakage programme,
  lot {phase}
  |LK-300 8-40,SW-LEAK 4-18,GW-410 1-3?,SV-TRN 1-1!?
telemetry|9|water public energy chemicals ports|45-170|{subject} telemetry;Level and pressure, {city};Tank level
  retrofit
  ;Remote readings, {lower}|LV-120 3-14,PR-090 4-16,GW-400 2-8,SIM-EU 2-8,SW-MON 8-30
flow|6|water energy textile paper food property|35-130|Flow metering {city};Flow balance, {city};Water balance {year}
  ;Clamp-on meters, {lower}|FL-210 2-7,FL-220 1-4?,GW-450 1-2,SW-MON 3-11,SV-INS 1-3!
coldchain|12|food logistics hospitals pharma ports|25-110|Cold-chain sensors, {city};Temperature records {year}
  ;Cold-chain monitoring {year};Door alarms and records, {city}|TH-050 16-60,DR-020 6-24?,GW-410 1-4,SW-MON
  20-80,SW-CMP 1-4
freezer|6|hospitals pharma logistics food|20-95|Freezer monitoring, {city};Freezer probes {year};Pharmacy cold chain
  ;Ultra-low freezers, {city}|TH-060 8-30,GW-400 1-3,SW-PRO 8-30,SV-CAL 8-30,SW-CMP 1-2?
ammonia|3|food logistics|30-100|Refrigerant leak detection;Ammonia detection, {city};CO2 refrigeration safety
  |CO-080 6-24,GW-450 1-2,SW-MON 6-24,SV-INS 1-3!
legionella|4|property hospitals public|25-90|Hot water monitoring, {city};Legionella compliance {year};Riser
  temperatures, {city}
  |TH-050 14-50,RP-100 3-12?,GW-410 1-4,SW-CMP 2-8,SW-MON 14-50
gateways|9||15-70|Gateway refresh {year};Plant-wide gateways;3G to 4G replacement;Gateway refresh, {city}
  |GW-400 3-14,GW-450 1-5?,SIM-EU 3-14,SV-INS 1-2!
scada|6||40-140|SCADA bridge;Data interface to the control room;Integration with maintenance system;Data to the group
  platform
  |SW-API 1-2!,SV-ENG 24-90!,GW-450 1-3?
compliance|5|food pharma hospitals property public logistics|20-80|Compliance reporting;Audit-ready records, {city}
  ;Electronic records {year}|SW-CMP 2-9,TH-050 4-16?,SV-TRN 1-1!
training|6||10-45|Operator training pack;Training for the night shift;Refresher training {year};Training,
  {city}|SV-TRN 1-3!
support|5||10-60|Support Gold upgrade;Support contract {city};Round-the-clock support|SV-GLD 1-1!,SV-CAL 6-30?
expansion|13||12-80|{subject} extension, {city};More sensors, {lower};Phase {phase}: {lower};Extension {year}: {lower}
  |OWN 6-20,SW-PRO 6-20,RP-100 1-4?,TQ-110 4-16?
energy|5|metals textile paper machinery automotive food|30-120|Compressed air savings;Energy transparency, {city}
  ;Current monitoring, {lower}|TQ-110 12-50,AC-150 2-6?,GW-450 1-3,SW-MON 12-50
framework|3||90-230|Three-year framework;Framework agreement {year};Multi-site licence;Group framework, lot {phase}
  |SW-PRO 24-70,SW-API 1-1!,SV-GLD 1-2!,OWN 14-40,SV-CAL 24-60?
"""

_RENEWALS = """
monitor|12||25-85|Monitor renewal {year};Monitor Pro renewal {year};Renewal {year}, {city}|SW-PRO 10-60,SIM-EU 2-10?
support-r|6||20-70|Support renewal {year};Support Gold renewal {year}|SV-GLD 1-1!,SV-CAL 8-40?
silver-r|4||20-60|Support Silver renewal {year};Service contract renewal {year}|SV-SIL 1-1!,SV-CAL 6-30?
licences|8||30-100|Licence renewal {year};Subscription renewal {year};Renewal {year} and price step|SW-MON
  16-90,SW-CMP 1-4?
more|6||30-110|Renewal {year} with extension;Renewal {year}, more devices;Renewal and upgrade to Pro {year}
  |SW-PRO 12-70,GW-410 1-3,OWN 4-16?
interface|2||25-70|Data interface renewal {year}|SW-API 1-1!,SW-MON 10-50?
predict|3|chemicals metals paper building automotive|25-80|Predict renewal {year}|SW-PRD 8-40,SV-CAL 8-30?
leak-r|3|water public|25-90|Leak Alerts renewal {year}|SW-LEAK 4-20,LK-300 2-8?
"""


#: Which sensor `OWN` stands for; the wireless vibration sensor elsewhere.
OWN_SENSOR = {
    "water": "PR-090",
    "public": "LV-120",
    "logistics": "TH-050",
    "hospitals": "TH-050",
    "property": "TH-050",
    "pharma": "TH-060",
    "textile": "TQ-110",
}
USUAL_SENSOR = "VB-200"


def _part(text: str) -> Part:
    sku, amounts = text.strip().split(" ")
    low, high = amounts.rstrip("!?").split("-")
    return Part(sku, int(low), int(high), fixed="!" in amounts, optional="?" in amounts)


def _scenario(row: str) -> Scenario:
    key, weight, industries, days, names, parts = row.split("|")
    low, high = days.split("-")
    return Scenario(
        key=key,
        weight=int(weight),
        industries=tuple(industries.split()),
        days=(int(low), int(high)),
        names=tuple(name.strip() for name in names.split(";")),
        parts=tuple(_part(part) for part in parts.split(",")),
    )


NEW_BUSINESS = tuple(map(_scenario, rows(_NEW)))
RENEWALS = tuple(map(_scenario, rows(_RENEWALS)))
