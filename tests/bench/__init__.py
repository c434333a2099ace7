"""Benchmarks, run by `make bench`: measured on this machine, printed as a table, never asserted."""
