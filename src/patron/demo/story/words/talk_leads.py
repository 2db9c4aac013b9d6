"""What is talked about with leads, what is left on answering machines, and how deals end."""

from . import lists

TOPICS = """
# reached | lead
c First contact; Return call; Enquiry
m First visit
- Called back within the hour, {contact} was surprised.
- {contact} is real, project is real, money is not there yet.
- Wants to {need}. Fits us well.
- Not the decision-maker, but the one who will do the work. Good start.
- Company is smaller than it looks on the website. Still {n} points.
- {contact} only wanted a price. Explained that it depends, asked three questions, got three answers.
- Student project? No: thesis sponsored by the works, real interest behind it.
- {contact} has compared {few} suppliers and made a table. We are in column two.
+ {asset} first, then the rest.
+ They have used paper until now.
+ Came through an article about {asset}.
+ A neighbour of one of our customers.
> Demo access sent.
> Call again {weekday}.
> Ready to be qualified after the next talk.
> {contact} sends photos of the {asset}.

# asking | lead
c Qualifying call; A few questions
m Short visit; Video call
- Asked the usual four questions, got two and a half answers.
- Need is clear, authority is not. {contact} asks inside.
- Budget in {month}. Good to know before writing offers.
- They want it by {month} because of the audit.
- {contact} can decide up to 5k. A pilot would fit.
- Has an existing contract with another supplier until {month}.
+ Technical side is easy.
+ Two other sites if it works.
> Rating good.
> Send the pilot offer.
> Wait for {month}.
> Introduce {colleague}.

# cool | lead
c Follow-up; Second try; Reminder
m Coffee at theirs
- Interest has cooled down. {contact} has three other fires.
- Answered by e-mail only: 'not this year'.
- Reached the assistant twice. {contact} is 'in a meeting', as always.
- Thought we sell hardware only, wants no subscription at all.
- Asked to be called in {month} and not before.
+ Number on the form was wrong by one digit.
+ The website has not been touched for years.
> One more try on {date}.
> Newsletter, if they agree.
> Probably disqualify.

# over | lost
c Closing call; Last call; Goodbye for now
m Debriefing
- {contact} called to tell me. Decent of them, not everybody does.
- Asked for ten minutes to learn why. Got thirty.
- Result is final. {contact} says it was close, {other} says it was not.
- Thanked everybody, no hard feelings. The door stays open.
- Read it in a two-line e-mail, then called. {contact} was embarrassed.
- It was decided two levels above {contact}.
+ Timing was our weak point.
+ They keep our contact for the next phase.
+ The demo came up again as our best moment.
+ {other} had never been convinced.
> Follow-up in a year.
> Loan kit comes back {weekday}.
> Told {solution}, review is with the consultants.
> Stay in touch through the newsletter.
"""

SHORT = {
    "lead": (
        "Mail answered, short.",
        "Form was filled in by an intern.",
        "Good one.",
        "Wrong company size.",
        "Sent the price list.",
        "Speaks French only, gave it to {colleague}.",
        "Already talks to {colleague}?",
    ),
    "lost": ("Lost. See reason.", "Over. Nice people.", "Letter came today.", "{contact}: 'next time'."),
}

#: Calls in which nobody was reached, by outcome.
MISSED: dict[str, tuple[str, ...]] = {
    "no_answer": (
        "",
        "",
        "",
        "",
        "Rang out.",
        "Engaged, then nobody.",
        "Switchboard only.",
        "Voicemail is full.",
        "Let it ring twelve times.",
    ),
    "left_message": (
        "Asked to be called back.",
        "Left my number with the assistant.",
        "Message on the mobile: short question on {product}.",
        "Told the colleague, call back promised for {weekday}.",
        "Voicemail, friendly version.",
        "Message left: proposal is in the inbox.",
        "",
    ),
    "call_back": (
        "In a meeting, call back after three.",
        "On the road, bad line. Again {weekday}.",
        "Bad moment, shift change.",
        "Picked up from the {site}, too loud to talk.",
        "On holiday until {date}.",
        "Asked for {weekday} morning.",
    ),
}

#: Notes that call on a colleague; {name} is the colleague's.
MENTIONS = (
    "@{name} can you check whether {product} would work for their {asset}?",
    "@{name} {contact} asks for your opinion on the radio in the {site}.",
    "@{name} please have a look at the price, {other} wants {percent} % more.",
    "@{name} they asked for you by name. Can you call {contact} by {weekday}?",
    "@{name} any experience with {rival} at a similar {site}?",
    "@{name} for your information: {contact} mentioned the sister company again.",
    "@{name} can we hold the delivery date {date} for {n} pieces?",
    "@{name} the contract comments are in, paragraph 7 is the hard one.",
    "@{name} invoice address changes with the next order, {contact} sends the form.",
    "@{name} do we have a reference for {asset} that may be visited?",
    "@{name} {other} wants to meet somebody from management. Would you join on {date}?",
    "@{name} thanks for the quick help, {contact} was impressed.",
)

PLACES = {"Video call": 0.48, "At theirs": 0.34, "Our office": 0.08, "On site, {city}": 0.1}

#: Meetings to come, by phase: what they are called and why they are held.
AGENDAS = lists("""
# new
- First visit: See the {site} and the {asset}, ask the usual questions.
- Intro with {contact}: Who they are, who we are, what hurts.
- Short video call: Twenty minutes, no slides.

# qualified
- Site survey, {city}: Survey of the {asset}; helmet and shoes.
- Demo: Their own data if they send it in time. Bring the test rig.
- Requirements workshop: {colleague} leads, go through the list of {asset}.
- Trial review: Report goes out the day before.
- Security and network: Their IT, our {colleague}. Architecture drawing is sent.

# proposal
- Proposal walk-through: Go through the open points of the offer; {other} joins for the second half.
- Price talk: With purchasing. Room is {percent} %, not more.
- Scope review: Final quantities and the old hall.
- Reference visit: A customer with the same {asset}. Leave at seven.

# negotiation
- Contract review: Comments of both sides, last version.
- Final round: {other} and purchasing. Price, term, delivery.
- Delivery planning: Dates for installation in {month}.
- Board presentation: Ten minutes, item seven on the agenda.

# renewal
- Renewal meeting: Numbers, price, term.
- Annual review: Usage figures, open tickets, what comes next.
- Talk about the extension: Introduce {colleague}, walk through the next hall.
""")
