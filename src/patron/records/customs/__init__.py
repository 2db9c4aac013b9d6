"""Own fields: what a workspace adds to its record types, everywhere from the moment it is saved.

A definition (`custom_models.CustomField`) becomes a `Field` like any other (`definitions`); its values lie in the record's column `custom`, one JSON object
per row, and are read by SQL expressions that know their type (`transforms`). The database refuses what does not fit (`database`).
"""
