"""Lists of values, as a workspace keeps them."""

SEGMENTS = """
enterprise|Enterprise
midmarket|Mid-market
small|Small business
public|Public sector
"""

LEAD_SOURCES = """
web|Website form
phone|Phone
walkin|Walk-in
referral|Referral
fair|Trade fair
campaign|E-mail campaign
list|Bought list
request|Lead request
partner|Partner
import|Import
"""

DISQUALIFY_REASONS = """
nofit|Not a fit for our products
nobudget|No budget in sight
unreachable|Cannot be reached
private|Private person or student
rival|Works for a competitor
supplier|Wants to sell to us
duplicate|Already known
"""

#: key | name | consultant group | days for the review
LOST_REASONS = """
price|Price too high|pricing|14
budget|Budget cut or frozen|pricing|21
terms|Contract terms|pricing|14
rival|Chose a competitor|solution|10
feature|Missing function|solution|14
inhouse|Built it themselves|solution|21
postponed|Project postponed|solution|28
silent|No decision, went silent|solution|28
"""

#: key | name | website | strengths | weaknesses
COMPETITORS = """
nexum|Nexumetric|nexumetric.example
  |Strong brand with maintenance people; good spectra; own analysts
  |Expensive per point; closed data; slow to deliver outside Germany
dvale|Datavale Industrial|datavale.example
  |Low subscription prices; quick pilots; attractive app
  |No ATEX, no calibration; support by e-mail only; battery complaints
pulso|Pulsotec|pulsotec.example
  |Cheap hardware; many resellers in Italy and Spain|Radio unreliable in steel buildings; no compliance reports
hydra|Hydrosense Networks|hydrosense.example
  |Leak detection known to every water utility; references|Nothing beyond water; no open interface
kuhl|Kühlwacht Systems|kuehlwacht.example
  |Pharmacy and laboratory know-how; qualified system|Old software; each site is an island
stadt|Stadtfunk Telemetrie|stadtfunk.example|Municipal framework contracts; local fitters|Only outdoors; three-year
  lock-in
orbis|Orbisgrid|orbisgrid.example|Sells through the control system; no extra vendor|Sensors from third parties; long
  projects
vatten|Vattenöga|vattenoga.example|Close to Nordic utilities; Swedish support|Small team; few sensors
"""

#: key | name | meaning | colour
TAGS = """
reference|Reference customer|May be named and visited after a word with the account manager|green
framework|Framework agreement|Prices and terms come from a signed framework|blue
atrisk|At risk|Somebody of theirs has talked about leaving|red
pilot|Pilot running|Uses loan equipment that has to come back or be paid|orange
vip|Board attention|Henrike wants to hear of anything unusual|purple
nda|NDA signed|Drawings and prices may be exchanged|grey
tender|Public tender|Questions go through the tender portal only|teal
gdpr|No marketing|Has objected to newsletters and calls that are not about running business|grey
partner|Partner|Also sells or installs our products|blue
upsell|Upsell|Takes only one product line so far|yellow
strategic|Strategic project|Opens a new industry or country for us|purple
urgent|Needs it by date|A fixed date such as an audit or a shutdown drives the deal|orange
champion|Champion|Speaks for us inside the house|green
newsletter|Newsletter|Has agreed to the quarterly newsletter|teal
hannover|Spring fair|Met at the stand at the spring fair|yellow
"""

#: key | what the first is to the second | what the second is to the first | first's type | second's type
CONNECTION_TYPES = """
partner|is partner of|is partner of|accounts|accounts
supplier|supplies|is supplied by|accounts|accounts
competitor|competes with|competes with|accounts|accounts
referred|referred|was referred by|contacts|accounts
spouse|is married to|is married to|contacts|contacts
colleague|worked with|worked with|contacts|contacts
trustee|is trustee of|has as trustee|contacts|accounts
adviser|advises|is advised by|contacts|accounts
board|sits on the board of|has on its board|contacts|accounts
"""

#: key | name | stages as "key, name, kind, probability, days"
PIPELINES = """
new|New business
  |new,New,open,10,14;qualified,Qualified,open,25,30;proposal,Proposal
  sent,open,50,21;negotiation,Negotiation,open,75,21
  ;won,Won,won,100,;lost,Lost,lost,0,
renewals|Renewals
  |due,Coming up,open,60,45;talking,In conversation,open,75,30;offered,Renewal sent,open,85,21
  ;won,Renewed,won,100,;lost,Not renewed,lost,0,
"""

#: currency | two years ago | now | monthly wobble
RATES = """
USD|1.0720|1.1340|0.0110
GBP|0.8610|0.8480|0.0055
SEK|11.4200|11.0600|0.0900
CHF|0.9620|0.9390|0.0060
"""
