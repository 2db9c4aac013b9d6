"""Files in and out: reading tables of any origin, proposing which column is which field, writing tables."""
