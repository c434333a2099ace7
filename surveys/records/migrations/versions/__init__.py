"""One file per revision. A published one never changes."""
