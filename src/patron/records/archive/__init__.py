"""A whole workspace as one file in an open format, and back: equal to the last row. See docs/reference/export-format.md.

    form     what the file looks like: the manifest, names, limits
    tables   which tables and columns belong to a workspace, as the database has them
    writing  everything out, from one snapshot, streamed
    reading  a file looked at before anything of it is believed
    whole    to a file and from one, as the command line does
    background  the same as a job, with progress
    loading  everything in, as the owner of the tables, all of it or nothing
"""
