"""Talks to people by their channel. Never decides whether a message may be sent: the claim in surveys.steps does."""
