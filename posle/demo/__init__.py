"""`posle demo`: the whole system with stand-in providers and a synthetic cohort, never with data of real people."""
