"""Talks to people by Telegram: turns updates into `Incoming` and `Outgoing` into Bot API calls. It decides nothing."""
