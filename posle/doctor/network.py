"""Whether the bot's server answers and knows the bot. It changes nothing, and shows no address or token."""

from bot.telegram.account import shown
from bot.telegram.bot import open_bot
from bot.telegram.failures import Answered, CallFailed
from bot.telegram.transport import Transport
from posle.doctor.finding import Finding, missing, ok, wrong
from posle.settings import Settings
from surveys.language.dull import undull

_UNKNOWN = (401, 404)
_SECONDS = 5.0


async def examine_bot(settings: Settings) -> Finding:
    """Ask the Bot API server who the bot is."""
    if settings.telegram is None:
        return missing("telegram", "fill in [telegram] token; without it nobody can be written to by Telegram")
    transport = Transport(connect=_SECONDS, read=_SECONDS)
    await transport.initialize()
    try:
        name, over_the_chat = await shown(open_bot(settings.telegram.token, settings.telegram.api_url, transport))
    except Answered as answer:
        if answer.status in _UNKNOWN:
            return wrong("telegram", "the server does not know this bot; copy the token from BotFather again")
        return missing("telegram", "the server answers with an error; try again later")
    except CallFailed:
        return missing("telegram", "the server cannot be reached from here; check the network and [telegram] api_url")
    finally:
        await transport.shutdown()
    if name and undull(name.replace("_", " ")):
        return missing("telegram", "the bot's user name holds a word of the programme's vocabulary; take another bot")
    if undull(over_the_chat.replace("_", " ")):
        return missing(
            "telegram", "the bot's name holds a word of the programme's vocabulary; change it with BotFather"
        )
    return ok("telegram") if name else wrong("telegram", "the bot has no user name; give it one with BotFather")
