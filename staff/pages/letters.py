"""In which letters somebody gets SMS, each with what it costs at most for one wave: segments, and the price."""

from staff.asked import Asked
from surveys.instruments.form import Form
from surveys.language.catalogue import mark
from surveys.records import instruments
from surveys.records.database import Tx
from surveys.rules.vocabulary import SmsScript
from surveys.steps.service import Service
from surveys.steps.sms_cost import WaveCost, wave_cost

NAMES = (
    (SmsScript.ASCII, mark("обична латиница")), (SmsScript.LATIN, mark("латиница са квачицама")),
    (SmsScript.CYRILLIC, mark("ћирилица")),
)  # fmt: skip


async def choices(asked: Asked, language: str) -> list[tuple[str, str]]:
    """Value and words, those alone that this language may have; empty where the side sends no SMS."""
    if asked.sms is None:
        return []
    async with asked.service.database.reading() as tx:
        form = await form_of(tx, asked.service)
    offered = [each for each in NAMES if each[0] is not SmsScript.CYRILLIC or language == "sr_Cyrl"]
    return [(each, f"{asked.words.say_(name)} ({said(asked, cost(asked, form, language, each))})")
            for each, name in offered]  # fmt: skip


async def form_of(tx: Tx, service: Service) -> Form | None:
    """The questionnaire that goes by SMS; None where none does, or none is published."""
    if not service.talks_by_sms:
        return None
    name = service.library.protocol.waves[-1].instrument
    published = await instruments.latest(tx, name)
    return await service.form(tx, name, published.version) if published else None


def cost(asked: Asked, form: Form | None, language: str, script: SmsScript = SmsScript.ASCII) -> WaveCost:
    """What a wave comes to for one person at most."""
    assert asked.sms is not None
    return wave_cost(
        asked.service.library, form, language, asked.sms.public_url, asked.service.local(asked.now),
        two_way=asked.service.talks_by_sms, script=script,
    )  # fmt: skip


def said(asked: Asked, cost: WaveCost) -> str:
    """Segments, and the price where anybody said what one costs."""
    assert asked.sms is not None
    parts = asked.words.say_("делова: {n}", n=cost.segments)
    if asked.sms.price is None:
        return parts
    price = asked.words.price(cost.price(asked.sms.price))
    return f"{parts}, {price} {asked.sms.currency}"
