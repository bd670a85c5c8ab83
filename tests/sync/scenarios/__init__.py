"""The scenarios of docs/sync-proof.md that have no test elsewhere, by the headings of that page.

Real laptops' stores, real loopback HTTP, both engines. A is Ann's laptop, B Bob's, C Cerys's.
"""
