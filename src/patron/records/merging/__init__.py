"""Merging records of one type into one of them, and taking that back. Generic: everything follows from the registry and the models' foreign keys.

    rules       what a model says about itself where the shape of its constraints does not
    relations   everything that points to a record type
    values      which record's value wins, field by field
    moving      relations change hands, with their attributes
    engine      one merge, in one operation
    parting     unmerging: rows and values go back where nothing newer stands
    redirects   old ids lead to the record that stayed
    preview     the same, told before it is done
"""
