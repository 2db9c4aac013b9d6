"""What one notes down about a connection."""

NOTES: dict[str, tuple[str, ...]] = {
    "partner": (
        "Bid together on municipal projects",
        "Shares a warehouse and the fitters",
        "Joint venture for the harbour extension",
        "",
    ),
    "supplier": (
        "Delivers the packaging; a stop there stops both",
        "Steam and heat through the fence",
        "Main carrier, wants the same temperature record",
        "",
    ),
    "competitor": ("Do not mention one to the other", "Same region, same tenders", "Careful with reference visits"),
    "referred": (
        "Gave us the name over lunch at the spring fair",
        "Wrote the introduction, expects a word of thanks",
        "Moved from there three years ago and still knows everybody",
        "Put us on the list of approved suppliers",
        "",
    ),
    "spouse": ("Told us; keep it to ourselves", "", "Never in the same meeting, please"),
    "colleague": (
        "Ran the shutdown together in the old days",
        "Same graduate scheme",
        "Sat in the same control room for six years",
        "",
    ),
    "trustee": ("Signs for the trust", "Meets twice a year, decides everything above 20k"),
    "adviser": (
        "Writes the specification for the tender",
        "Energy audit, recommends sensors",
        "Expert for the refrigeration plant",
        "",
    ),
    "board": ("Supervisory board", "Chairs the investment committee", ""),
}
