"""What people write and say when they show interest, and what one learns while finding out whether it is real."""

from . import lists

#: By the key of the lead source; in other languages with the language behind a dot.
MESSAGES = lists("""
# web
- We want to {need}. Can somebody call me this week?
- Please send prices for {n} {product}.
- Hello, we are looking at {product} for our {site} in {city}. What is the delivery time?
- Do your sensors work in a cellar with 60 cm concrete walls?
- Interested in a demo. About {n} {asset}.
- I saw your article about {asset}. Is there a reference in our region?
- Our present system ends in {month}. We compare {few} suppliers and would like an offer.
- Is it possible to rent the equipment for three months?
- Could you send the data sheet of {product} and a price list?
- We have a small {site} and no IT department. Is that enough?

# web.de
- Guten Tag, bitte um Rückruf wegen Überwachung unserer Anlage in {city}. Vormittags bin ich erreichbar.
- Wir suchen Ersatz für unsere alten Datenlogger, etwa {n} Stück. Bitte um ein Angebot.
- Gibt es Ihre Sensoren auch mit Eichung? Danke und Gruß

# web.fr
- Bonjour, nous cherchons une solution pour surveiller nos installations à {city}. Merci de me rappeler.
- Pouvez-vous nous envoyer un devis pour {n} capteurs ? Merci d'avance.

# web.it
- Buongiorno, vorrei un preventivo per {n} sensori. Grazie.
- Buongiorno, è possibile una dimostrazione nel nostro stabilimento di {city}?

# web.es
- Buenos días, necesitamos controlar la temperatura en {city}. ¿Pueden llamarme?
- Solicito información y precios para {n} sensores.

# phone
- Called the office and asked for prices of {product}.
- Rang about failed {asset}; wants something within {few} weeks.
- Asked for an appointment in {city}, mentioned {n} {asset}.
- Heard of us from a supplier, wants to know whether we do {asset}.

# walkin
- Came to the Hamburg office with a broken logger in hand.
- Dropped in after visiting the neighbours, left a card.

# referral
- Recommended by a colleague at another {site}.
- {colleague} was told to call them: they want to {need}.
- Name given by a customer who is happy with {product}.

# fair
- Long talk at the stand about {asset}. Wants a visit in {month}.
- Took a brochure and two data sheets, asked good questions on radio range.
- Saw the leak demo twice. Has {n} {asset} and no monitoring.
- Left a card at the stand, asked for {product}.

# campaign
- Clicked the article on {asset} three times, then filled in the form.
- Answered the newsletter: wants to {need}.
- Registered for the webinar and stayed to the end.

# list
-
- From the list of {site} operators.
- Fits the criteria: more than 100 employees, own {site}.

# request
- Vetted by the list supplier: runs {n} {asset}.
- Contact confirmed by phone, open to a talk in {month}.

# partner
- Fitter on site says they look for {product}.
- The planning office sends the specification next week.

# import
-
- From the old address file.
- Met years ago, no notes.
""")

#: What is noted down while a lead is worked on.
NOTES = lists("""
# need
- {need} - in their own words.
- Wants to {need}.
- {few} failures of {asset} last year, each cost about {money}.
- Readings by hand at {n} points, twice a week.
- Audit in {month}, records have gaps.
- Old telemetry is out of support.
- Insurance asks for it.
- Energy bill, mostly {asset}.
- Night alarms reach nobody.
- Curious, no real pain yet.

# budget
- {money} this year.
- Not yet, to be asked for in {month}.
- Yes, from maintenance.
- Yes, {money} approved.
- Would have to come from the energy programme.
- Under 10k the {site} decides alone.
- Subsidy possible, application runs.
- No figure, wants ours first.
- None.

# authority
- Decides alone up to 5k.
- {contact} recommends, managing director signs.
- Purchasing runs it, technical side chooses.
- Board from {money} on.
- Group headquarters has to agree.
- Is the owner.
- Unclear who signs.

# timeline
- Before the audit in {month}.
- This quarter.
- Shutdown in {month}.
- As soon as possible.
- Next year at the earliest.
- When the new line is in.
- Offer by {date}, decision four weeks later.
- No hurry.
""")
