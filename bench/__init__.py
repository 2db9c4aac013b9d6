"""`make bench`: what a request costs, in processor time of server and PostgreSQL, on a workspace of a known size.

Clocks are noisy where machines are shared, so the figure that counts is processor milliseconds per request; the wall's p50 and p95 stand beside it.
The same questions are asked in the same run by a bare Django view and by plain SQL: ratios hold on any machine.
"""
