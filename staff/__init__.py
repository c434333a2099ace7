"""The web console of one side's staff. It never shows the other side, and nothing beyond the reader's own centre."""
