"""Decides when something runs. Never holds a job per person: due things are rows, a tick reads what is due."""
