"""Stand-in provider servers and phones in a browser. Speaks HTTP only and imports nothing of the rest."""
