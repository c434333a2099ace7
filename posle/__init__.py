"""The command line, settings and wiring: the only place that knows all the others."""
