"""What is talked about before there is an offer."""

TOPICS = """
# first talk | new
c Intro call; First call; Call back; Getting to know
m First meeting; Introduction; Visit
- Reached {contact} on the second try. Knows us by name only, open to a meeting.
- First proper call with {contact}. They want to {need}, no project number yet.
- {contact} has {n} {asset} and two people to look after them. That is the whole problem in one sentence.
- Good talk. {contact} asked more than I did.
- {contact} took twenty minutes although it was a bad day. Wants to see something working, not slides.
- Short one, {contact} was on the way to the {site}. Call again {weekday}.
- Very polite, very vague. {contact} will 'think about where it could fit'.
- Walked round the {site} with {contact} for an hour. They know every noise of their {asset}.
+ Today they find out when the phone rings at night.
+ Readings are taken by hand on a clipboard, then typed into a spreadsheet.
+ {other} decides, {contact} prepares the paper.
+ They had a bad experience with a start-up that no longer exists.
+ Works council wants to hear that nobody is being watched.
+ Fiscal year ends in {month}, that is when money appears or disappears.
> Sent the one-pager and two references.
> Meeting proposed for {date}.
> {contact} sends a list of the {asset} by {weekday}.
> Next: get {other} to the table.
> I call again on {date}.

# why now | new qualified
c Follow-up; Why now; Background
m Needs; Conversation on site
- Reason for the enquiry: {few} failures of {asset} since spring, the last one on a Sunday.
- It is the audit. The report says the records of the {asset} have gaps.
- The technician who knew all the {asset} by heart retires in {month}.
- Their insurer asks for monitoring, in writing, with a date.
- Energy prices. {contact} has to show savings and starts with the {asset}.
- No pain, just curiosity. {contact} saw it at a neighbour's {site}.
- New line gets delivered in {month} and nobody planned any sensors.
- Management wants to {need}. {contact} was told on Monday and called us on Tuesday.
+ One stop costs them about {money}, says {contact}; {other} thinks it is double.
+ They tried it with loggers from the internet; batteries lasted four months.
+ There is a half-finished project from the last manager, cables are in the ceiling already.
+ The same story at their other site, so this could grow.
> Asked for the downtime figures of last year.
> Wrote it all down and sent it to {contact} for correction.
> {colleague} should hear this first-hand, setting up a call.
> Follow up after the holidays.

# who is who | new qualified
c People; Who decides
m Stakeholders; Round of introductions
- {contact} is the user, {other} pays, IT can stop it.
- Three people must say yes: {contact}, {other} and somebody at the group.
- Talked to {other} for the first time. Sceptical, fair, asks for numbers.
- {contact} has been promoted and takes the topic along.
- Purchasing is involved earlier than usual here, since the scandal with the compressors.
- Maintenance and quality do not talk to each other. We have met both separately now.
- Found out that {other} used our gateways at a former employer.
+ {other} does not like subscriptions on principle.
+ IT officer is external, two days a week.
+ The real authority is the shift leader with 30 years in the {site}.
+ Approval needs two signatures above 25k.
> Invite {other} to the demo.
> Stakeholders updated.
> Lunch with {contact} and {other} on {date}.
> Need a champion besides {contact}.

# from the fair | new
c After the fair; Fair follow-up
m Fair talk, continued
- Met at the stand, remembered the leaking pump demo. Wants to repeat it for colleagues.
- {contact} collected brochures from everybody and has now read ours.
- As promised at the fair: call with {contact}. Warm, but one of five suppliers.
- At the stand it sounded urgent, on the phone rather less.
- {contact} brought a photo of their {asset} to the stand; looked at it together now.
+ {rival} had the stand opposite and invited them as well.
+ They bought a starter kit from a reseller and never unpacked it.
> Data sheets sent, demo access until {date}.
> Visit in {month}, date open.
> {contact} checks with {other}.

# discovery | qualified
c Requirements; Technical questions; Discovery call
m Discovery workshop; Requirements workshop; Whiteboard session
- Went through the list: {n} points, most of them {asset}, the rest nice to have.
- {contact} wants alarms by phone call, not by app. Night shift has no smartphones.
- Must-haves: alarm chain, records for the auditor, no cabling. Everything else is decoration.
- They need values every ten minutes for {asset}, once an hour is enough elsewhere.
- Longest discussion was about who gets which alarm. No technical question at all.
- Half of what they ask for they could do with what they have. Said so. {contact} liked that.
- {contact} drew the {site} on the whiteboard. Photo is in my folder, worth more than the specification.
- Requirements are written by an outside planner and copied from {rival}'s brochure in places.
+ Existing control system stays, we only read along.
+ Limits differ between summer and winter operation.
+ Data must stay in the EU, backups too.
+ {other} asked for an export to their maintenance system.
+ They think in shifts, reports should as well.
+ Old {asset} and new ones are mixed, two mounting kits needed.
> {colleague} writes the concept by {date}.
> Requirements confirmed by e-mail, one change.
> Open: number of users. {contact} asks HR.
> Second session {weekday}, then we can price it.

# site survey | qualified
c Survey arrangements; Questions after the survey
m Site survey, {city}; Site visit; Radio test
- Survey done. Radio covers everything except the cellar, one repeater solves it.
- Walked all {n} points with {contact} and a ladder. {few} of them cannot be reached without shutdown.
- Steel everywhere, still good signal. The gateway goes above the control room.
- Mounting is easy, power is not: no socket within 20 metres of the {asset}.
- It rained into the {site} while we were there. IP67 or nothing.
- Survey postponed, crane inspection on the same day. New date {date}.
- {colleague} measured, I took notes, {contact} made coffee. Report by {weekday}.
- Found {few} {asset} that are on nobody's list.
+ 68 °C next to the dryer: wired sensors there.
+ Safety briefing took 40 minutes, plan that in for installation.
+ Photos of every point are in the survey report.
+ Mobile reception in the basement is zero, LAN possible.
+ One area is ATEX zone 1 although the drawing says zone 2.
> Survey report to {contact} by {date}.
> Quantities updated in the deal.
> {contact} clears the permit for the roof.
> Add one repeater and a mast.

# demo | qualified
c Before the demo; After the demo
m Demo; Live demo; Demo for operations
- Demo with {contact} and {few} others. The trend of a dying bearing did the work.
- Live from our test rig. {other} wanted to see the alarm arrive and it arrived in nine seconds.
- Demo was too long. They asked about reports in minute five and I came to reports in minute fifty.
- {contact} clicked through it alone, I only watched. Best demo in weeks.
- The app froze once. Nobody minded, but I did.
- {few} people from the night shift came before their shift. Now they want it.
- Used data from their own {asset} that {contact} had recorded. Silence in the room, the good kind.
+ Question nobody could answer: time zone of the shift report. Asked {colleague}.
+ {other} compared every screen with {rival}.
+ They loved the floor plan view, did not care about spectra.
+ French user interface was important to the foreman.
> Demo access for two weeks, {few} logins.
> {contact} collects feedback until {weekday}.
> Send recording to those who missed it.
> Next step is the survey in {city}.

# connectivity | qualified
c Call with IT; Network questions
m IT session; Network and security
- Call with their IT. No traffic into the plant network, so 4G it is.
- IT is fine as long as the gateway only speaks outwards, port 8883.
- {other} asked how firmware gets updated and who signs it. {colleague} answered well.
- They have LoRaWAN from the town already. Using it saves {few} gateways.
- Connection to the control system: read-only through Modbus, {few} registers.
- IT wants a penetration test report. We have one from spring.
+ VLAN request takes three weeks here.
+ Their SIM cards, our gateways: possible, but then no roaming.
+ They had ransomware two years ago and check everything since.
> Sent architecture drawing and data flow.
> {colleague} joins the next call with their security officer.
> {contact} opens the ticket with IT.
> Security questionnaire: 84 questions, due {date}.

# money first | qualified
c Budget; Budget question
m Budget talk; Business case
- Budget is there: {money} this year, the rest after {month}.
- {contact} needs a figure for the investment plan by {weekday}. Gave a range of {money} plus or minus fifteen.
- No budget line yet. {contact} takes it from maintenance if the sum stays under {money}.
- Built the business case together. Pays back in fourteen months with their own cautious numbers.
- {other} wants to buy, not rent. Explained why the cloud part cannot be bought.
- There may be a subsidy for the energy part, application must be in before the order.
- Range given. No gasp at the other end, so we are in the right region.
+ Everything above 50k goes to the board, which meets four times a year.
+ Operating budget is easier than investment for them.
+ They calculate a stop of the {asset} with {money} a day.
> Sent rough figures, marked as not binding.
> Payback sheet goes to {other}.
> Offer in two lots so the first fits the small budget.
> Ask again when the plan is through, {date}.

# trial | qualified
c Trial: how is it going; Loan kit
m Trial kick-off; Trial review
- Loan kit arrived in {city}, {contact} mounted it alone in an afternoon.
- First week of the trial: all sensors online, one placed upside down.
- The trial found something: one of the {asset} runs warm at night. {contact} has a mechanic on it.
- Trial extended by two weeks, the first one fell into the holidays.
- {contact} shows the live values to everybody who walks by.
- Trial review with {other}. Success criteria met, four out of five.
- Nothing happened in the trial, which {contact} finds disappointing and I find normal.
+ Success means: two weeks without a gap and one true alarm.
+ Kit has to come back or be paid by {date}.
+ They moved a sensor themselves, that is why the curve jumps.
> Trial report by {weekday}, with curves.
> If {other} agrees we go straight to the proposal.
> {colleague} looks at the spectra.
> Pick up the kit on {date}.

# fading interest | new qualified
c Checking in; Still on?
m Catch-up
- {contact} has not had time. Shutdown planning eats everything until {month}.
- It went quiet since the survey, so I called. Not dead, just behind {few} other things.
- {contact} is ill for three weeks, {other} does not want to decide alone.
- Priorities changed: first the {asset} get replaced, then monitored.
- Reorganisation. {contact} keeps the topic but has a new boss to convince.
+ I believe it. Same story from {other} independently.
+ They still open our e-mails.
+ New boss comes from a company where we are in.
> Call again on {date}, not before.
> Sent a short summary that {contact} can forward.
> Close date moved to {month}.

# new faces | new qualified renewal
c New contact; Hello again
m Meeting the new one
- {contact} took over from the colleague who left. Needs the whole story again, was grateful for the short version.
- Two new people on their side. Started from zero with one, from minus one with the other.
- {other} will run this from now on, {contact} stays as sponsor.
- Was passed on twice and ended with {contact}, who is the right one.
- {contact} is new, came in spring and is still finding the light switches.
- {other} is on parental leave, {contact} stands in until {month}.
- Trainee on the phone, {contact} is out. The trainee knew more than expected.
+ Old notes were found in a drawer, with our logo on them.
+ {contact} comes from automotive and wants everything in a matrix.
> Contacts updated.
> Sent the history of the last year on one page.
> Personal visit makes sense, {month}.
"""

SHORT = {
    "new": (
        "Call back {weekday}.",
        "Interested. Small.",
        "Not the right person, {other} is.",
        "Sent data sheets.",
        "Wants prices before anything else. Gave none yet.",
        "{n} {asset}, one {site}, no hurry.",
        "Nice voice, no project.",
        "Will call me. We will see.",
    ),
    "qualified": (
        "Quantities confirmed: {n}.",
        "Waiting for the drawing.",
        "IT says yes.",
        "Survey on {date}.",
        "{contact} is on our side.",
        "Radio ok, power open.",
        "They measured it themselves and got the same.",
        "Moved by a week, their request.",
        "@ me: bring the ladder next time.",
    ),
}
