"""The parts of a protocol in words: labels with their unit, ranges, values, and what a wrong value could do."""

from collections.abc import Mapping

from staff.words import Words
from surveys.language.catalogue import mark
from surveys.rules.protocol import Protocol
from surveys.rules.protocol_parts import YES, Kind, Part, Wrong

GROUPS: Mapping[str, str] = {
    "first": mark("Кругови и прва порука"), "hours": mark("Када служба пише"),
    "reminders": mark("Подсетници и границе"),
    "closing": mark("Докле круг траје"), "traces": mark("Трагови у разговору"), "retention": mark("Колико се шта чува"),
}  # fmt: skip
_GROUP_OF = {
    "wave": "first", "first_contact": "first", "hours": "hours", "reminders": "reminders", "caps": "reminders",
    "closing": "closing", "deep_link": "closing", "safe_contact": "closing", "traces": "traces",
    "retention": "retention",
}  # fmt: skip
LABELS: Mapping[str, str] = {
    "wave": mark("Круг на крају програма"),
    "first_contact.from_day": mark("Прва порука: први могући дан (0 је дан круга)"),
    "first_contact.to_day": mark("Прва порука: последњи могући дан (0 је дан круга)"),
    "hours.days": mark("Дани у недељи"), "hours.from": mark("Од сата"), "hours.to": mark("До сата"),
    "reminders.after_days": mark("Подсетници, дана после прве поруке"),
    "reminders.default": mark("Подсетника, ако није другачије договорено"),
    "reminders.maximum": mark("Највише подсетника"),
    "caps.per_day": mark("Највише порука дневно"), "caps.per_wave": mark("Највише порука у кругу"),
    "closing.after_days": mark("Круг се затвара, дана после дана круга"),
    "deep_link.valid_days": mark("Веза за Telegram важи дана"),
    "safe_contact.valid_days": mark("Безбедни контакт се потврђује највише толико дана пре дана круга"),
    "safe_contact.open_days": mark("Може да се одговори, дана после прве поруке"),
    "traces.delete_after_hours": mark("Порука се брише из разговора, најкасније сати после слања"),
    "traces.idle_minutes": mark("Разговор се брише после тишине, минута"),
    "retention.contact_days": mark("Подаци за јављање, дана после последњег круга"),
    "retention.unanswered_days": mark("Упис без иједног одговора, дана после последњег круга"),
    "retention.answers_days": mark("Све остало о особи, дана после последњег круга"),
    "retention.alerts_days": mark("Белешке затворених узбуна и задатака, дана"),
    "retention.audit_days": mark("Дневник, дана"),
}  # fmt: skip
GONE = mark("Краћи рок важи и за оно што се већ чува: старије се брише прве наредне ноћи и не може да се врати.")
"""Said where a clock is set, and to who agrees to a shorter one."""
HELP: Mapping[str, str] = {
    "wave": mark("Пита се само ко се упише од тада, и то док тај круг траје."),
    "hours.days": mark("Празником и уочи њега се не пише никад, ни између 22 и 7."),
    "reminders.after_days": mark("Растућим редом, одвојени зарезом."),
    "reminders.default": mark("Сваки подсетник је још једна порука коју неко други може да види."),
    "deep_link.valid_days": mark("Нека важи до краја последњег круга: понеко ту везу отвори касно."),
    "closing.after_days": mark("Недовршен упитник се тада чува какав је."),
    "retention.contact_days": GONE, "retention.unanswered_days": GONE, "retention.answers_days": GONE,
    "retention.alerts_days": GONE,
    "retention.audit_days": mark("Најмање колико и све остало о особи: мора да се зна ко је шта прочитао."),
}  # fmt: skip
HERS: Mapping[str, str] = {
    "first_contact.to_day": mark(
        "Најмање 14 дана после првог: дан је случајан, да не би говорио о томе када је ко завршио програм."
    ),
    "hours.days": mark("Пише се само у сатима које је особа договорила; ови их не замењују."),
    "safe_contact.valid_days": mark("Што је потврда старија, то је вероватније да телефон више није безбедан."),
    "deep_link.valid_days": mark("Ко нађе неискоришћену везу, може да је отвори. Зато нека важи кратко."),
    "traces.idle_minutes": mark("Дотле разговор стоји отворен на телефону."),
}
STRETCHES: Mapping[str, str] = {
    "mon-thu": mark("од понедељка до четвртка"), "mon-fri": mark("радним данима"),
    "mon-sat": mark("од понедељка до суботе"), "mon-sun": mark("сваког дана"),
}  # fmt: skip
ON, OFF = mark("укључен"), mark("није укључен")
WRONG: Mapping[Wrong, str] = {
    Wrong.WHOLE: mark("Упишите цео број од {least} до {most}."),
    Wrong.DAYS: mark("Упишите највише четири цела броја од {least} до {most}, растућим редом, са зарезом између њих."),
    Wrong.CHOICE: mark("Изаберите једно од понуђеног."),
    Wrong.TIME: mark("Упишите време, на пример 09:00."),
    Wrong.NIGHT: mark("Између 22:00 и 07:00 се никад не пише."),
    Wrong.ORDER: mark("Крај мора да буде после почетка."),
    Wrong.SPREAD: mark("Мора да буде најмање 14 дана после првог."),
    Wrong.MORE_THAN_MOST: mark("Не може више од највећег броја подсетника."),
    Wrong.MORE_THAN_DAYS: mark("Уписано је мање дана за подсетнике."),
    Wrong.NO_ROOM: mark("Мора да стане прва порука и сваки подсетник."),
    Wrong.PAST_CLOSING: mark("Са последњим даном за прву поруку то прелази дан када се круг затвара."),
    Wrong.SHORTER: mark("Дневник не може да се чува краће од свега осталог о особи."),
    Wrong.UNSAFE: mark("Ово не би било безбедно; упишите оно што важи."),
    Wrong.SAME: mark("Ништа није промењено."),
}  # fmt: skip


def _key(part: Part) -> str:
    """The part without the place of its row: every row of hours has the same labels."""
    head, _, rest = part.name.partition(".")
    return "wave" if head == "wave" else f"hours.{rest.partition('.')[2]}" if head == "hours" else part.name


def group_of(part: Part) -> str:
    """The group in which it is shown."""
    return _GROUP_OF[part.name.partition(".")[0]]


def label_of(words: Words, part: Part) -> str:
    """What it is, with its unit."""
    return words.say_(LABELS[_key(part)])


def help_of(words: Words, part: Part, protocol: Protocol) -> str:
    """What a wrong value could do; empty where nothing need be said."""
    hers = HERS.get(_key(part)) if protocol.safe_contact is not None else None
    found = hers or HELP.get(_key(part))
    return words.say_(found) if found else ""


def range_of(words: Words, part: Part) -> str:
    """The allowed range; empty where there is none."""
    if part.kind in (Kind.WHOLE, Kind.DAYS):
        return words.say_(mark("Од {least} до {most}."), least=part.least, most=part.most)
    return ""


def said_of(words: Words, part: Part, value: str) -> str:
    """A value as it is read."""
    match part.kind:
        case Kind.FLAG:
            return words.say_(ON if value == YES else OFF)
        case Kind.STRETCH:
            return words.say_(STRETCHES[value]) if value in STRETCHES else value
    return value


def wrong_said(words: Words, part: Part, wrong: Wrong) -> str:
    """One clear line at the field."""
    return words.say_(WRONG[wrong], least=part.least, most=part.most)
