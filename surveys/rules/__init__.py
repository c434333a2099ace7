"""Pure rules: no clock, no database, no randomness of their own; everything they need is passed in."""
