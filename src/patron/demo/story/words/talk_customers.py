"""What is talked about with customers: after the signature, before a renewal, and in between."""

TOPICS = """
# order | won
c Order confirmation; Thank you; Order details
m Order meeting
- Purchase order is in. Number on file, quantities as agreed.
- {contact} called to say it before the paper came. Nice of them.
- Order confirmation sent, delivery {date}.
- They ordered {few} more than quoted, at the same price. Confirmed.
- Signed. Thanked {other} too, who was against us at first.
+ Invoice to the group, copy to {contact}.
+ Part delivery allowed.
+ Internal announcement goes out at theirs on {weekday}.
> Hand-over to {delivery}.
> Flowers to nobody, a good start for everybody.
> Ask for the reference after go-live.

# kick-off | won
c Kick-off arrangements; Installation dates
m Kick-off; Project kick-off; Planning with the fitters
- Kick-off with {contact} and {other}. Dates fixed, alarm chain is the only open point.
- {colleague} takes over the project. {contact} was a little sad, then busy.
- Fitters booked for {date}, {contact} organises the lift.
- Kick-off by video, twelve people, four cameras on.
- Short kick-off. They have done this before and know what they need from us.
+ Permits for the roof take ten days.
+ Training in two groups because of the shifts.
+ {other} is the deputy, has full powers.
> Minutes sent.
> List of users from {contact} by {weekday}.
> {support} sets up the workspace.

# progress | won
c Installation status; Status; How is it going
m Progress meeting; On-site status; Acceptance
- Half of the sensors are up. First alarm was a true one.
- Installation finished a day early, {contact} bought lunch.
- Two sensors arrived without certificate. Replacements are on the way, apologised.
- Acceptance signed with one remark: label on the gateway.
- Delay of a week: scaffold was not there. Not our fault, still our problem.
- Go-live yesterday. {contact} sent a screenshot at six in the morning.
- Training done, {n} people, good questions from the night shift.
+ No gap in the data since Monday.
+ One point moved because of a forklift.
+ Limits need two weeks of data before they make sense.
> Remark fixed by {date}.
> Review after four weeks.
> Invoice can go, told {accounting}.
> Ask {contact} what the next hall looks like.

# first results | won account
c First results; How does it run
m Review after go-live; Results review
- First month of data. {few} {asset} stand out, one got a new bearing on Saturday instead of stopping on Wednesday.
- {contact} says it paid for itself. Asked to have that in writing.
- False alarms at night, limit was too tight. Changed it together on the phone.
- They look at it daily. The foreman has it on the big screen in the canteen.
- Usage is low: {few} of {n} users have logged in. Training for the others offered.
+ Energy at night down by {percent} %, they had not expected that.
+ {other} wants the same for the other {site}.
> Case study? {contact} asks the press office.
> Extension is likely in {month}.
> Show them the shift report next time.

# usage before renewal | renewal
c Renewal talk; Usage figures; Before the renewal
m Renewal meeting; Contract review; Annual review
- Went through usage with {contact}: {n} devices active, {few} silent since spring.
- Renewal is no question, the number of devices is.
- {contact} wants to drop the devices in the old hall and add others. About even.
- They use alarms and reports, nothing else. Showed trends again, interest this time.
- Happy customer. {contact} would sign today, purchasing needs until {date}.
- Asked what they would miss most if we switched it off. 'Sleep.'
- Annual review with {other}. All green, one old ticket discussed.
+ Contract ends in {month}, notice period starts four weeks before.
+ {few} gateways are still 3G and will go dark.
+ {other} has never logged in but gets the report every Monday and reads it.
> Renewal with the new numbers by {weekday}.
> Offer swap for the silent ones.
> {contact} checks the list of devices.
> Include {product} as an option.

# price step | renewal
c Price step; Questions on the new price
m Price talk
- Announced the price step of {percent} %. {contact} sighed and asked for the reasons in one sentence.
- Price step is hard for them, budget was made with the old price. Offered to start it next year against 24 months.
- No discussion on the {percent} %, only on the date.
- {other} compared with {rival}: {percent} % cheaper on paper, migration not counted.
- They accept the index clause, to my surprise.
+ Three years fixed is attractive to them.
+ Support Gold is what they really value.
> Quote with both variants.
> {colleague} checks the margin.
> Answer expected {date}.

# grow | renewal account
c Extension; More devices; Idea for the next hall
m Extension talk; Walk through the next hall
- The next hall is planned: {n} {asset}, go-live in {month}.
- {contact} wants to go from Monitor to Pro for the critical {asset}.
- Sister company asked {contact} how it works. Introduction promised.
- They buy calibration elsewhere. Offered ours together with the renewal.
- {other} asked for {product} without us mentioning it.
- Took the long way out through the new building with {contact}. {few} places where we fit.
+ Budget for it is separate, not out of the renewal.
+ Would be a new product line for them.
> New deal opened.
> Rough figures by {weekday}.
> Visit with {colleague} in {month}.

# grumble | renewal account
c Complaint; Trouble; Not happy
m Clearing the air
- {contact} is not happy: {few} tickets in a month and every time somebody else.
- Outage on Sunday, 40 minutes. They noticed before our mail came.
- Battery changes take them two days a year. They did not know that when they bought.
- The invoice was wrong twice. {accounting} corrected it, {contact} still mentions it.
- Talked about leaving, quietly. {rival} has been there.
- Gateway in {city} dropped out three times this month. Antenna was behind a new steel door.
+ Fair in tone, clear in substance.
+ Support did answer in time, but in the wrong language.
+ A credit of one month would calm it, says {other}.
> {support} calls today, one face from now on.
> Report of the outage by {date}.
> Spare gateway shipped, no charge.
> Visit in person, this is not for the phone.

# quarter | account
c Quarterly call; Regular call; Checking in
m Quarterly review; Service review; Regular meeting
- Quarterly review. Uptime 99.9 %, {few} alarms that mattered, none missed.
- All fine. {contact} had more to tell about the reorganisation than about us.
- Regular call with {contact}. No tickets, no wishes, a kind word for {support}.
- Reviewed the alarm list: {n} in the quarter, half of them one door.
- {contact} asked for fewer e-mails and one page per quarter. Agreed.
- Figures of the quarter presented, {other} took pictures of two slides.
- Went through open points, {few} left, all small.
+ Alarms are used most, reports second, trends hardly.
+ They train new people themselves by now.
+ Holiday replacement is {other}.
> Next review in {month}.
> One-pager sent.
> {colleague} looks at the door that alarms.
> Nothing to do, which is nice to write.

# their news | account
c News from them; Catching up
m Lunch; Visit
- They buy a plant in the south. Too early for us, but {contact} told me first.
- Good order situation, third shift from {month}.
- Short-time work in half of the {site}. No investments before {month}.
- {contact} moves to headquarters, {other} follows. Good for us at the group.
- New quality manager, comes from pharma. Records will matter more.
- Sustainability report is the topic of the year, they need data from the {asset}.
- Merger with a neighbour is in the paper. {contact} does not know more than the paper does.
+ Framework agreement will be looked at by the new owners.
+ Production manager position is open, worth watching.
> Keep an eye on it.
> Send congratulations.
> Call {other} in {month}.
> Told {boss}.

# new site | account
c New site; Building project
m Visit to the building site
- New {site} gets built, ground-breaking in {month}. We should be in the specification.
- {contact} introduced me to the planner. They specify what they know, so let them know us.
- Walked over the building site with a helmet that did not fit.
- Planner wants drawings of the mounting and a standard text. Have both.
+ Cabling is planned now, later it costs double.
+ {rival} has been at the planner's office too.
> Standard text sent to the planner.
> {colleague} meets the planner on {date}.
> Lead or deal? Deal when there is a date.

# favour | account
c A favour; Reference request
m Reference visit; Talk at their event
- Asked {contact} to talk to a prospect. Yes, of course, 20 minutes.
- {contact} will speak at our user day in {month}.
- They need a data sheet from 2019 for the authority. Found it.
- Quick help: alarm list for stand-by duty changed while on the phone.
- {contact} asked for a sensor for the trainee's project. Sent an old one.
- Photo shooting for the case study, everybody wore new helmets.
+ No charge, goodwill.
+ They owe us nothing and know it.
> Thank-you card.
> Dates for the user day sent.
> Text to {contact} for approval.

# paperwork | account won
c Invoice question; Certificates; Delivery note
m Paperwork
- {contact} misses the delivery note of {weekday}. Sent it again.
- Calibration certificates for {n} sensors requested, audit on {date}.
- Invoice went to the wrong cost centre, {accounting} issues a new one.
- They changed the legal name, documents have to follow.
- Supplier questionnaire, again. Copied from last year and corrected two lines.
+ Accounting there is one person, on holiday now.
+ They pay when the number is on it, and only then.
> Done on the same day.
> {accounting} informed.
> New address noted.

# season | account
c Before the holidays; Season's greetings; After the holidays
m Coffee; Stopover
- Short call before the holidays. {contact} is off until {date}.
- Passed by on the way to {city}, coffee with {contact} and a look at the {asset}.
- Nothing in particular. {contact} appreciates being called without a reason.
- Met {contact} on the train by chance, half an hour of good talk, no laptop.
+ Their shutdown starts next month.
+ Mentioned that {other} looks for a new challenge. Not for the minutes.
> Back to it in {month}.
> Send the article on {asset}.
"""

SHORT = {
    "won": (
        "Ordered.",
        "Shipped.",
        "Online since {weekday}.",
        "Accepted, one remark.",
        "Training done.",
        "First invoice out.",
    ),
    "renewal": (
        "Signs by {date}.",
        "Same again plus {few}.",
        "List of devices checked.",
        "Notice period noted, no worries.",
        "Price step accepted.",
        "Wants three years.",
    ),
    "account": (
        "All quiet.",
        "Sent the certificates.",
        "New mobile number noted.",
        "Back on {date}.",
        "Wants the newsletter in German.",
        "Tour for the trainees, all fine.",
        "Says hello to {colleague}.",
    ),
}
