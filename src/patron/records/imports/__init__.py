"""Imports: a file's rows become records by a plan that is checked first and then carried out exactly as shown.

    files     keep the upload, say what it is          proposal  a first plan from headings and values
    plan      what a plan may say                      binding   a plan tied to a type, a file and a person
    cells     one column's texts into values           targets   names in cells into records
    existing  rows into the records they mean          staging   all of that, streamed into the staging table
    within    rows of one file among each other        trial     what the database itself would refuse
    applying  the staged rows into records             progress  how far it is
    service   one import from upload to undo           rejects   what was left out, as a file
"""
