"""The canonical form of what is sealed, form 1, as SQL. docs/reference/trail.md says the same for an outsider; the two may only change together.

Everything is hashed with SHA-256 over UTF-8 text that `jsonb` writes: a list that begins with what it is, so that no two things read alike.

- a change: `["change", seq, table_name, row_id, action, changes]`
- an operation's changes, in the order of `seq`: hashes of 1,000 at a time are joined and hashed again, and those are joined and hashed. So an operation
  with a million changes costs a million times 32 bytes of sorting on the disk and some kilobytes of memory, and has no greatest size.
- an operation: `["operation", id, at, verb, actor_id, actor_name, subject_type, subject_id, reason, request_id, address, undoes, details]`
- a block: `["block", form, number, previous, at, [ids], [numbers of changes]]`, then the hashes of its operations, then those of their changes

Only what export and restore keep is covered. Not the workspace's id, which may be another after a restore; not `xid`, which belongs to one cluster, nor
`seq` of operations, since the block itself says their order. `at` of a change is that of its operation: changes are looked up by it.
The two hashes of each operation are kept in the block, so that a broken one says which operation it is about, and whether that itself or what it changed.
"""

from __future__ import annotations

FORM = 1
LEAF = 1000
#: Columns whose values no export holds, as `secret_columns` of the models had them when form 1 was made: they are not covered. Other ones take a form 2.
SECRET: dict[str, tuple[str, ...]] = {
    "api_grant": ("code_hash", "refresh_hash", "before_hash", "challenge"),
    "automation_secret": ("secret",),
    "identity_apitoken": ("hash", "prefix"),
    "identity_invitation": ("code",),
}


def _time(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _sha(*parts: str) -> str:
    """The hash of a list."""
    return f"sha256(convert_to(jsonb_build_array({', '.join(parts)})::text, 'UTF8'))"


_CASES = " ".join(f"WHEN '{table}' THEN c.changes - '{{{','.join(columns)}}}'::text[]" for table, columns in SECRET.items())
_CHANGE = _sha("'change'", "c.seq", "c.table_name", "c.row_id", "c.action", f"CASE c.table_name {_CASES} ELSE c.changes END")

#: The hash of operation `o`.
OPERATION = _sha(
    "'operation'", "o.id", _time("o.at"), "o.verb", "o.actor_id", "o.actor_name", "o.subject_type", "o.subject_id", "o.reason", "o.request_id", "o.address",
    "o.undoes", "o.details",
)  # fmt: skip

#: (count, hash) of the changes of operation `o` of the workspace %(ws)s: `n`, `hash`. BETWEEN leaves out the partitions of other months, as = would, and keeps
#: PostgreSQL from looking by time: many operations of one transaction have the same.
CHANGES = f"""
SELECT coalesce(sum(leaf.n), 0)::integer AS n, sha256(coalesce(string_agg(leaf.hash, ''::bytea ORDER BY leaf.place), ''::bytea)) AS hash FROM (
  SELECT each.place, count(*) AS n, sha256(string_agg(each.hash, ''::bytea ORDER BY each.seq)) AS hash FROM (
    SELECT c.seq, (row_number() OVER (ORDER BY c.seq) - 1) / {LEAF} AS place, {_CHANGE} AS hash
    FROM ledger_change c WHERE c.workspace_id = %(ws)s AND c.operation_id = o.id AND c.at BETWEEN o.at AND o.at) AS each
  GROUP BY each.place) AS leaf
"""


def block(row: str, number: str | None = None, previous: str | None = None, at: str | None = None) -> str:
    """The hash of a block, in hexadecimal; `row` has its columns, but for those that are given."""
    text = f"jsonb_build_array('block', {FORM}, {number or f'{row}.number'}, {previous or f'{row}.previous'}, {_time(at or f'{row}.at')}, to_jsonb({row}.operations), to_jsonb({row}.counts))"
    return f"encode(sha256(convert_to({text}::text, 'UTF8') || {row}.operation_hashes || {row}.change_hashes), 'hex')"
