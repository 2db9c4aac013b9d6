"""History in plain words: the ledger's rows as sentences."""
