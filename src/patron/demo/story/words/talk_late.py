"""What is talked about from the offer to the signature."""

TOPICS = """
# walk-through | proposal
c Proposal walk-through; Questions on the proposal; Proposal call
m Proposal presentation; Walk-through; Offer review
- Went through the proposal page by page with {contact}. Two questions on {product}, none on the rest.
- {contact} had printed it and marked it in three colours.
- Presented to {few} people. {other} came late, left early and asked the only hard question.
- They skipped to the last page, as everybody does. Then we talked for an hour about the first.
- {contact} finds it complete and 'a little long'.
- Proposal is well received; they now compare like with like.
- Their only surprise was that installation is included.
+ {product} should be an option, not part of the base.
+ They want the services as a fixed price.
+ Quantities in lot 2 are still a guess.
+ {other} asked for a version without logos for the internal paper.
> Revised version by {weekday}.
> {contact} presents it inside on {date}.
> Next call {date}, I set it up.
> Split into base and options.

# price | proposal negotiation
c Pricing questions; Price; Call about the price
m Price talk; Commercial meeting
- {contact} is happy with the price, {other} is not. Needs to hear {percent} %.
- 'Good but expensive.' Compared with {rival} we are {percent} % above on hardware, below on the subscription.
- They ask why the price of {product} went up since last year. Explained chips and calibration.
- Purchasing called without telling {contact}. Classic. Gave nothing.
- The price per point is what they look at. Turned it into price per avoided stop.
- {other} has a target of {money} and does not say where it comes from.
- They can live with the sum, not with paying it all in year one.
- Nobody spoke about price today, which makes me nervous.
+ {pricing} says up to {percent} % with three years commitment.
+ Discount only against a signed order this quarter, said so.
+ Volume step at 100 devices would help them, they are at {n}.
+ They pay on time, has to count for something.
> Asked {colleague} for a calculation with 36 months.
> New price sheet on {weekday}.
> Hold. Let them come to us.
> Offer stays as it is until {date}.

# security | proposal
c Security questionnaire; Data protection
m Security review; Call with the data protection officer
- Security questionnaire went back, all 84 answers. Two follow-up questions on key handling.
- {other} from IT wants single sign-on. Have it, was not in the offer.
- Data protection officer satisfied: no personal data except the alarm list.
- They insist on a server location in the EU, in writing. Done.
- Long call on who may see what. Roles fit, one more is needed for the fitters of {other}.
+ Certificate is valid until {month}, they noticed before we did.
+ Cloud needs approval by the works council.
+ {colleague} answered on the spot, very good impression.
> Processing agreement sent for signature.
> Audit report follows under NDA.
> {contact} expects the green light by {date}.

# other horse | proposal negotiation
c About the competition; Where do we stand
m Comparison
- {rival} is in as well. Cheaper at first sight, calibration not included.
- {contact} showed me the comparison table. We are first in technology, second in price.
- {rival} had their demo yesterday. {contact} found the app prettier and the sensors weaker.
- It is between {rival} and us. The third one did not answer the questionnaire.
- {other} prefers {rival}, knows them from a former job. {contact} prefers us.
- {rival} promises delivery in two weeks. I do not believe it, {contact} does not either.
- They asked {rival} for our function list. A compliment, in a way.
+ Our open interface is the point they cannot match.
+ {rival} has a reference twenty minutes away.
+ They are worried about the batteries of {rival}.
+ Decision criteria: 50 % price, 30 % service, 20 % function.
> Reference visit for {contact} in {month}.
> One-page comparison without bashing, by {weekday}.
> {colleague} brings the battery test report.
> Ask {solution} for the list of their weak points.

# scope | proposal
c Changes to the scope; Quantities; Scope
m Scope review
- Scope changed again: {n} instead of what we offered, {product} only in lot 1.
- They want to add {few} {asset} in the old hall.
- {contact} cut the services to get below the limit. Training is out, will come back as a question.
- Second site wants to join. Bigger, later.
- {product} taken out, they do it themselves. Everything else stays.
- {other} wants the same for the {site} in the north, as an option with fixed price.
+ Below 50k the {site} decides alone. Now we are at 48.
+ Installation by their own electricians, we only commission.
+ Mounting on the {asset} needs a different bracket.
> New version with the numbers of today goes out {weekday}.
> Lines updated.
> {colleague} checks the radio for the old hall.
> Wait for the final list, {date}.

# purchasing | proposal negotiation
c Purchasing; Call from purchasing; Supplier registration
m Meeting with purchasing
- Spoke with purchasing. We have to be in the supplier portal first, forms are done.
- Supplier self-assessment: sustainability, conflict minerals, forced labour. Half a day.
- Purchasing needs three offers and has two. {contact} is looking for a third.
- They want one line for everything. We want lines. Agreed on both.
- {other} collects all offers until {date} and opens them on the same day.
- Tender portal: our questions were answered for all to see. Useful answers.
+ Order goes through the group's portal, takes a week longer.
+ Payment target in the portal is set to 60 days, needs changing by hand.
+ Purchasing knows nothing about sensors and says so, pleasant.
> Bank letter and certificate uploaded.
> Call {other} on {weekday}, not earlier.
> Clarify the portal fee with {accounting}.
> Deadline {date}, noon.

# references | proposal
c Reference call; About references
m Reference visit
- Reference call took place. 'They pick up the phone' was the sentence that mattered.
- {contact} visited a reference with the same {asset}. Came back convinced, with photos.
- They found one of our customers by themselves and called. Good outcome, luckily.
- Reference visit in the rain, nobody left early.
+ The reference mentioned the delivery delay two years ago, fairly.
+ {other} asked how many people look after it: half a day a month.
> Thank-you note to the reference.
> {contact} writes the recommendation by {date}.
> One more reference in the same industry wanted.

# silence | proposal
c Follow-up; Any news?; Chasing
m Catch-up; Short meeting
- No news since the proposal. {contact} apologised: month-end, audit, two people ill.
- {other} has it on the desk since {weekday}. I offered to explain it, no reaction.
- Finally reached {contact}. It is alive, decision moves to {month}.
- 'You will hear from us.' I have heard that before, but {contact} sounded honest.
- They are waiting for the group's figures, everything is on hold till then.
- The paper was sent back inside with questions. {contact} answers them now, I helped.
+ Read receipts show {few} readers.
+ Budget is not the problem, attention is.
> Call again {date}.
> Sent two sentences and a question with yes or no.
> Close date corrected to {month}.
> Try {other} directly if nothing by {weekday}.

# discount | negotiation
c Discount; Last price; Final price call
m Negotiation; Final round
- Final round with {other}. Asked for {percent} more, got three and free shipping of the spare gateway.
- Gave {percent} % against three years. Handshake, paper follows.
- {other} tried the pause trick. I counted the tiles.
- They want a bonus at 100 devices instead of a discount now. Good for both.
- {contact} called from the car: one more per cent and we have it. Gave training instead.
- No further discount. Said it calmly, {other} took it calmly.
- Price frozen for two years, in exchange for the reference.
+ Margin is still fine, checked with {pricing}.
+ Above 15 % needs {boss}'s approval.
+ {rival} followed down, but they want us.
> Written confirmation today.
> Approval requested.
> Revised quote on {weekday} morning.
> Nothing more to give, next word is theirs.

# paper | negotiation
c Contract; Call with legal; Contract comments
m Contract review; Legal session
- Contract came back with {n} comments, {few} of them real.
- Liability capped at the order value, they accept twice of it. Fine with {head}.
- Call of the two legal departments. Ninety minutes for one paragraph.
- They want their own terms. Compromise: ours, with their annex on data.
- Term 36 months with a way out after 24. Acceptable.
- {contact} is annoyed by their own lawyers.
- Only the notice period is open, three months or six.
+ Insurance certificate requested, {accounting} has it.
+ Processing agreement is signed already.
+ Penalty for late delivery: 0.5 % a week, capped at 5. Normal.
> Clean version to both sides by {weekday}.
> {head} signs when back on {date}.
> Last comment to legal, then done.
> {contact} pushes from inside.

# dates | negotiation
c Delivery dates; Timing; Delivery
m Planning; Delivery planning
- Delivery date is everything now: sensors on site by {date} or the shutdown passes without us.
- Reserved {n} pieces for them without an order, on my neck.
- Installation window is one weekend in {month}. Two fitters, Saturday to Sunday.
- Eight weeks for {product}. Offered part delivery, {contact} agrees.
- They moved the go-live to {month}, which helps everybody.
- Checked with {delivery}: team free from {date}.
+ Shutdown starts on a Friday evening.
+ They need the mounting plates two weeks earlier.
+ Customs for the second lot, allow four days.
> Delivery plan to {contact}.
> Fix fitters for the weekend.
> Order must be in by {weekday} to hold the date.
> {support} prepares the set-up in advance.

# top floor | negotiation
c Board decision; Approval; Waiting for the signature
m Board presentation; Management meeting
- Board meets on {date}, we are item seven.
- {contact} presented to the board. Two questions, both about cyber security. Approved with a condition.
- Managing director signs only on Thursdays. It is a thing.
- Second signature missing, {other} is travelling until {weekday}.
- Board postponed the item. Not against us, the meeting ran over.
- Got the verbal yes. {contact} rang from the corridor.
- Council committee voted for it, full council is a formality.
+ Condition: pilot report attached to the contract.
+ The chairman has a nephew at {rival}. Nobody worries.
+ Investment paper is signed, purchase order follows.
> Purchase order expected {date}.
> Stand by, phone on.
> Sent the two slides they asked for.
> Congratulate later, first the paper.

# money matters | negotiation
c Payment terms; Invoicing questions
m Commercial details
- Payment: 30 / 60 / 10 with delivery and acceptance. {accounting} agrees.
- They ask for 60 days. Offered 45 or {percent} % less discount, they take 45.
- Invoice address is the group, delivery address the {site}, cost centre comes later. Wrote it all down.
- Annual invoice in {month} fits their budget best.
- Leasing company is in now, they need the quote in their format.
+ Purchase order number must be on every page, otherwise it bounces.
+ Credit check is clean.
> Told {accounting}.
> New payment plan in the quote.
> Form for the leasing company by {weekday}.

# almost | negotiation proposal
c Last questions; Clarifications
m Wrap-up
- Last open point was the spare parts list. Sent, accepted.
- {contact} asked for nothing new today. That is the news.
- Everything agreed, everybody waits for the purchase order.
- A last-minute doubt: will it still work when the hall is rebuilt. {colleague} showed how.
- {other} wanted to talk to our service before signing. {support} was brilliant.
+ They plan the announcement for the staff meeting.
+ Project manager on their side is named: {other}.
> Hand-over to {delivery} prepared.
> Order by {date}, says {contact}.
> Do not disturb until {weekday}.
"""

SHORT = {
    "proposal": (
        "Proposal out.",
        "Read, not discussed.",
        "Asked for two more weeks. Granted.",
        "Against {rival} only.",
        "Version 3 sent.",
        "{other} on holiday until {date}.",
        "Price ok, date not.",
        "They like option B.",
        "Third call, same answer: next week.",
    ),
    "negotiation": (
        "Verbal yes.",
        "Legal is through.",
        "PO number promised for {weekday}.",
        "{percent} %, done.",
        "One signature missing.",
        "Waiting for the board, {date}.",
        "Countersigned NDA came back.",
        "They want it before the shutdown. So do we.",
    ),
}
