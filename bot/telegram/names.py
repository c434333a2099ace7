"""What a bot's token and name say by themselves. It asks nobody, and needs nothing of the provider's library."""


def bot_id(token: str) -> str:
    """The bot's number, which is the part of the token that is no secret."""
    return token.partition(":")[0]


def deep_link(username: str, payload: str) -> str:
    """The link that opens the bot with a one-time payload."""
    return f"https://t.me/{username}?start={payload}"
