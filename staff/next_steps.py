"""What to do about a task whose name alone does not say it. It must never lead to a person by another way."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from staff.codes import SUSPENDED_BY
from staff.words import Words
from surveys.language.catalogue import mark

_WAIT = mark("Не шаље се поново само од себе. Не јављајте се другим путем: следећа порука је у распореду.")
_CONTACT = mark("Не јављајте се другим путем. Када особу видите, проверите заједно како да јој се јављамо.")
_DATE = mark("Проверите датум завршетка; ако није тачан, исправите га на страници особе.")
_SERVER = mark("Јавите особи која води сервер.")
NEXT: Mapping[str, str] = MappingProxyType(
    {
        "entered_too_late": _DATE,
        "not_bound": mark("Када особу видите, направите нову везу на њеној страници и покажите јој је."),
        "send_unknown": _WAIT,
        "send_failed": _CONTACT, "sms_not_delivered": _CONTACT,
        "wants_help": mark("На страници особе пише како и када сме да јој се јавите."),
        "call_wanted": mark("Позовите са странице особе, у време које је договорено."),
        "number_untested": mark("Када је особа ту, пошаљите јој пробну поруку са њене странице."),
        "traces_left": mark("Када особу видите, обришите разговор заједно са њеног телефона."),
        "number_shared": mark("Проверите да ли је иста особа уписана двапут."),
        "case_code_shared": mark("Проверите шифру са оцењивачима."),
        "alert_nobody_there": mark("Преузмите узбуну, или нађите колегу који може."),
        "alert_not_told": mark("Преузмите узбуну, и проверите број на списку дежурних."),
        "reconsent_needed": mark(
            "Особа је раније одустала. Нов пристанак се даје лично, и потврђује га још један колега."),
        "withdrew_do_not_contact": mark("Не јављајте се. Договорите са колегом шта даље."),
        "inbox_dead": _SERVER, "too_many_strangers": _SERVER, "sms_not_redacted": _SERVER,
        "sms_bodies_held": _SERVER, "sms_no_privacy": _SERVER, "sms_not_compared": _SERVER, "sms_foreign": _SERVER,
        "sms_auto_reply": _SERVER, "sms_conflict": _SERVER,
    }
)  # fmt: skip
"""By kind. A kind that is not here says by its name, or by its button, what is to be done."""


def next_step(words: Words) -> Callable[[str], str]:
    """What to do, in the reader's language; empty where the name says it."""

    def said(kind: str) -> str:
        message = NEXT.get(kind, _CONTACT if kind.startswith(SUSPENDED_BY) and kind not in _OF_THEIR_OWN else "")
        return words.say_(message) if message else ""

    return said


_OF_THEIR_OWN = ("contact_changed", "contact_amended")
