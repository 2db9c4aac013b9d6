"""What people put on their lists."""

from . import lists

#: By what the task hangs on; deals take their next step as well.
TITLES = lists("""
# deals
- Send revised quote to {contact}, split into two orders
- Call {contact} about the open points
- Book site visit, {city}
- Update the quantities after the survey
- Ask {colleague} for the radio plan
- Return the security questionnaire
- Check delivery time of {product}
- Prepare the demo with their own data
- Margin check with {pricing}
- Find a reference with {asset}
- Send processing agreement
- Remind {other} of the drawings
- Collect the loan kit in {city}
- Write minutes of the meeting
- Correct the close date with {contact}
- Get the purchase order number
- Clarify payment terms with {accounting}
- Translate the summary for {other}

# accounts
- Prepare the quarterly review
- Send calibration certificates for the audit
- Check the 3G gateways at {company}
- Invite {contact} to the user day
- Update contacts after the reorganisation
- Call about the silent devices
- Chase the unpaid invoice with {contact}
- Ask whether we may name them as a reference
- Renewal in {month}: gather usage figures
- Visit {city} together with {colleague}
- Ask about the new {site}
- Send the support report
- Agree new limits for the {asset}
- Check credit with {accounting}
- Thank {contact} for the reference call

# leads
- Call back
- Call {contact}, mornings only
- Send data sheet and price range
- Check the company: size, sites, owner
- Look for an existing account before qualifying
- Ask for photos of the {asset}
- Second try by e-mail
- Arrange a short video call
- Find out who decides

# contacts
- Congratulate {contact} on the new post
- Ask {contact} for an introduction at the group
- Correct the mobile number of {contact}
- Send {contact} the article on {asset}
- Lunch with {contact} when in {city}
- Ask {contact} about the newsletter

# office
- Prepare the Monday sales meeting
- Forecast for {month} to {head}
- Expenses of the trip to {city}
- Clean up old leads
- Test the new demo kit
- Book the stand for the spring fair
- Update the price list in the sales folder
- Slides for the user day
- Plan holiday cover in {month}
- Read the new data protection annex
- Order business cards
- Car to the workshop
""")

DESCRIPTIONS = lists("""
# descriptions
- {contact} expects it by {weekday}.
- See the note of last week.
- Took this over from {colleague}.
- Not urgent, but it has been asked twice.
- {other} should be in copy.
- Numbers are in the shared folder.
- Short call is enough.
- Before the meeting on {date}.
- They are hard to reach after four.
""")["descriptions"]

#: Tasks that are lists in themselves: title and steps.
CHECKLISTS = lists("""
# Hand-over to the project manager
- Order and quantities
- Survey report
- Alarm chain
- Contacts on site
- Promises made

# Prepare the loan kit
- Firmware
- Charge the batteries
- SIM active
- Return label

# Prepare the renewal
- Usage figures
- Open tickets
- New prices
- Draft for {contact}

# Before the survey in {city}
- Safety briefing
- Helmet and shoes
- Ladder on site
- Test gateway
- Floor plan

# Tender documents
- Eligibility form
- References
- Price sheet
- Signature
- Upload before noon

# Supplier registration
- Bank letter
- Certificate
- Self-assessment
""")
