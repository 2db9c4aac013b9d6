"""Short texts on deals: next steps, why they were lost, what they are about, how rivals do."""

from . import lists

#: By stage.
NEXT_STEPS = lists("""
# new.new
- Call {contact} to find out who decides
- Send the one-pager and three references
- Agree a date for the first visit
- Ask {contact} for the list of {asset}
- Introduce {colleague} by e-mail
- Check whether {other} has a budget for this
- Send the link to the demo system
- Find out what they use today

# new.qualified
- Site survey in {city}
- Demo for {contact} and {other}
- Get the drawing of the {site}
- Send the security questionnaire back
- Radio test in the {site}
- Workshop with {colleague} on the {asset}
- Write down the requirements and have {contact} confirm them
- Clarify who pays: plant or group
- Loan kit to {city}
- Agree success criteria for the trial
- Get the quantities from {contact}

# new.proposal
- Walk {contact} through the proposal
- Revised quote without installation
- Call {other} in purchasing
- Reference call with a similar {site}
- Split the offer into two lots
- Answer the open questions on {product}
- Ask for feedback on the price
- Find out where {rival} stands
- Send the delivery plan
- Present to the management meeting on {date}

# new.negotiation
- Contract comments back from their legal
- Get {pricing}'s approval for {percent} %
- Final call with {other}
- Purchase order promised for {date}
- Fix the delivery date in writing
- Confirm payment terms with {accounting}
- Send the countersigned NDA
- Last round on the price, {weekday}
- Board decision on {date}

# renewals.due
- Pull the usage figures for {contact}
- Ask {contact} for a date in {month}
- Check open support tickets before calling
- Find out whether the {asset} are still in use
- Prepare the renewal with the new price list

# renewals.talking
- Send the renewal with and without extension
- Explain the price step to {contact}
- Confirm the number of devices
- Offer three years against {percent} %
- Workshop on unused functions

# renewals.offered
- Call {contact} about the signature
- Remind {other} before the end date
- Get the purchase order number
- Send the contract to {other} as well
""")

#: By the key of the lost reason.
LOST = lists("""
# price
- About {percent} % above the other offer. They said the product was not the question.
- {contact} would have liked us, purchasing bought the cheaper one.
- Could not get below {money} without giving away the installation.
- Subscription over five years looked too expensive against buying once.
- They compared hardware only; our case for the service did not reach {other}.
- Lost on price per point. We were second of four.

# budget
- Investment stop at the group until the end of the year.
- The money went into a new roof. {contact} is sorry and means it.
- Maintenance budget cut by {percent} %, all projects without a legal reason are off.
- Not lost to anybody. {contact} asks us to come back with the next budget round.
- {other} did not release the second half of the budget.

# terms
- Their legal insisted on unlimited liability.
- They only buy on their own terms, and those shift all the risk for the {asset} to us.
- Wanted 90 days and consignment stock. We said no to both.
- No agreement on who owns the data.
- Three-year commitment was one year too long for them.

# rival
- {rival} was in the house already and extended for little money.
- {rival} ran a free trial for six months. We were too late.
- {rival} won with a local fitter who has keys to the {site}.
- Went to {rival}. {contact} says the demo decided it.
- {rival} offered a bundle with the control system.
- Close race with {rival}; {other} knew them from a former job.

# feature
- They need a reading every second, we do one a minute on battery.
- No on-premises version. Their IT does not allow any cloud.
- Profibus is a must for the {asset}.
- Wanted work orders created in their maintenance system, which we cannot do yet.
- No user interface in Hungarian and Romanian.
- Measuring range does not fit the {asset}.

# inhouse
- Their automation team builds it with parts from the shelf.
- The IT department writes a dashboard of its own. {contact} doubts it but has no say.
- A student project will do for now, they think.
- The group rolls out its own platform from {month}.

# postponed
- The shutdown moved to next year and the project with it.
- New site manager wants to look at everything again. Earliest {month}.
- The {site} is being sold, nothing is decided until then.
- First they replace the {asset}, then they want to measure them.
- Shelved after the reorganisation; {contact} keeps the file.
- No time this year, {other} is the only engineer left.

# silent
- No answer to five calls and three e-mails since the proposal.
- {contact} left, nobody took over, reception does not know of any project.
- Every call ends in 'next month'. Closed to keep the pipeline honest.
- Last sign of life was the read receipt.
- Interest was real, urgency was not.
""")

#: The same where there is little to install.
LOST_SERVICES = lists("""
# price
- A local firm does it for two thirds of our price.
- {contact} had {money} in mind and not a cent more.
- Too much for one day on site, says {other}.

# budget
- Training budget gone for this year.
- Only what keeps the {site} running is bought until {month}.
- {other} did not release the money.

# terms
- They only buy services on a framework that we are not in.
- Travel cost had to be included. We said no.

# rival
- {rival} includes it in their contract.
- {rival} does it remotely, next week, for less.

# feature
- They need it in their own language and we have nobody for that.
- Connector to their system does not exist yet.

# inhouse
- {contact} does it alone with our documentation.
- Their own academy takes it over.

# postponed
- Shifts are too thin before {month}.
- Half of the crew is new, they want to wait until it settles.

# silent
- Three reminders, no answer.
- {contact} has moved to another post and the successor does not call back.
""")

#: The same for renewals.
LOST_RENEWALS = lists("""
# price
- Did not accept the price step of {percent} %.
- Use a third of the devices and pay for all; we offered a reduction too late.

# budget
- Short time in {city}, everything that can be ended is ended.
- Group cancelled all subscriptions under 20k.

# terms
- Automatic renewal is not allowed under their new purchasing rules.
- Wanted monthly notice, we stayed at three months.

# rival
- {rival} comes with the new line and does the old one as well.
- Changed to {rival} after the outage in spring.

# feature
- Shift calendar arrived too late, they had built their own.
- Needed on-premises since the new security policy.

# inhouse
- Group platform takes over from {month}.
- They read the sensors with their own gateway now.

# postponed
- {site} closed for rebuilding, back in a year perhaps.
- Contract paused during the sale of the company.

# silent
- Ended by letter, no reason given.
- {contact} retired and nobody knew what the system was for.
""")

#: By how the rival fares.
RIVAL_NOTES = lists("""
# open
- Also quoting
- Demo was last week
- Has the better price so far
- {contact} prefers us on {product}
-
-

# beaten
- Could not show a reference
- Late with the offer
- Price was fine, support was not
- Failed the radio test
-
-

# lost_to
- Incumbent
- Free trial
- About {percent} % below us
- Bundle with the control system
-
-

# withdrew
- Did not answer the questionnaire
- No capacity until {month}
-
""")

#: What the consultants find, by the key of the lost reason.
FINDINGS = lists("""
# price
- List price per point is {percent} % above {rival} for small quantities. A starter bundle would have closed the gap.
- We offered Gold support that nobody had asked for. Without it we were level.
- Discount came in three small steps and taught them to wait. Next time one step, with a date.
- They never saw the cost of a stopped {site}. The calculation existed but was not in the offer.
- Right to let it go: at their price the margin on hardware was below 20 %.
- Purchasing compared five years of subscription with one invoice from {rival}. We need a purchase option in the
  offer.

# budget
- Freeze was announced in their annual report; we could have known. Ask for the release date at the first meeting.
- Real. Two other suppliers confirm the stop. Keep contact, return in {month}.
- A leasing model would have fitted the operating budget. Added to the pricing guide.
- The sponsor had no budget of their own. Qualify the budget holder before the survey, it cost us {few} days.

# terms
- Liability cap is negotiable up to twice the order value; sales did not know. Note sent to all teams.
- Their data ownership clause is acceptable with our standard annex. Annex now in the template folder.
- Shorter commitment at a higher price was not offered. Calculator extended with 12 months.
- Agree with the decision. Consignment stock ties up more money than the deal brings.

# rival
- {rival} was written into the specification before we came. Enter earlier through the planning office.
- Our demo showed {product}, the customer's problem was the {asset}. Prepare demos with the customer's own data.
- {rival} has three references within an hour's drive. We have one and did not use it.
- Nobody of ours had met {other}, who decided. Map the people before the proposal.
- Lost by a week: our quote took nine working days.
- The trial kit arrived with an old firmware and lost packets. Checklist for loan kits changed.

# feature
- On-premises is asked for by hospitals and chemicals only; product board has the list, decision in {month}.
- The function exists since the spring release. Sales sheet was out of date; corrected.
- Sampling rate is a limit of the battery sensors. The wired one with the DIN rail gateway would have done it.
- Connector to maintenance systems is on the roadmap. Tell {contact} when the beta opens.
- Language files can be made by a partner in four weeks. We should have offered it.

# inhouse
- They underestimate the alarm chain. Call again in six months, most come back.
- The group platform is real and well staffed. Offer sensors and gateway without software.
- Nothing to learn for us, engineers like to build.

# postponed
- Postponed for good reason. Moved to a follow-up after the shutdown.
- We never asked what else has to happen before. Added to the qualification questions.
- New site manager knows us from a former post, good chance for a second start in {month}.
- A small paid pilot on {few} {asset} would have kept us in the house.

# silent
- Only one contact, and that one left. Two contacts per deal from 'Qualified' on.
- There was never a reason to act. Closing earlier would have saved {few} calls.
- {other} answered {colleague} on the first call: they wait for the new budget. Reopen in {month}.
- Proposal went out without a call. A proposal that is not walked through has half the win rate.
""")

DESCRIPTIONS = lists("""
# descriptions
- {contact} wants to {need}.
- Starts with {few} {asset} in {city}; the other sites follow if it works.
- They lost a weekend to failed {asset} and want to see it coming next time.
- Replaces loggers that are read by hand once a week.
- Budget sits with the {site}, approval with the group.
- Part of their programme to {need}.
- About {n} measuring points, most of them on {asset}.
- Follows from the audit: {asset} need a continuous record.
- Insurance asks for monitoring of the {asset} by {month}.
- New line in {city} goes live in {month}; sensors should be in before.
- The old system is out of support. {contact} has to find something by {month}.
- Energy team pays, maintenance uses it.
-
-
-
-
-
-
""")["descriptions"]
