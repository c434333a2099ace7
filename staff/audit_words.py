"""The audit in words: what was done, and the details beside it, in the reader's language. Codes and ids alone go in."""

import json
from collections.abc import Mapping

from staff.words import Words
from surveys.language.catalogue import mark

ACTIONS: Mapping[str, str] = {
    "account.activated": mark("налог отворен"), "account.closed": mark("налог затворен"),
    "account.codes_made": mark("нови кодови за опоравак"), "account.invited": mark("позван на налог"),
    "account.invited_again": mark("поново позван на налог"), "account.passkey_added": mark("приступни кључ додат"),
    "account.sessions_ended": mark("одјављен свуда"), "account.sign_in_failed": mark("неуспела пријава"),
    "account.signed_in": mark("пријава"), "account.signed_out": mark("одјава"),
    "accounts.read": mark("налози прочитани"), "alert.acknowledged": mark("узбуна преузета"),
    "alert.closed": mark("узбуна затворена"), "alert.drilled": mark("вежба узбуне"),
    "alert.escalated": mark("узбуна послата даље"), "alert.opened": mark("узбуна отворена"),
    "alert.read": mark("узбуна прочитана"), "alert.reopened": mark("узбуна поново отворена"),
    "alerts.read": mark("узбуне прочитане"),
    "answer.recorded": mark("одговор примљен"), "answers.exported": mark("одговори извезени"),
    "audit.exported": mark("дневник извезен"), "audit.read": mark("дневник прочитан"),
    "audit.verified": mark("ланац проверен"),
    "consent.recorded": mark("пристанак записан"), "contact.revealed": mark("подаци за јављање приказани"),
    "contact.suspended": mark("адреса заустављена"), "contact.withheld": mark("подаци за јављање нису приказани"),
    "delivery.claimed": mark("порука узета за слање"), "delivery.sent": mark("порука послата"),
    "delivery.failed": mark("порука није послата"), "delivery.cancelled": mark("порука отказана"),
    "duress_plan.read": mark("договор за принуду прочитан"), "export.asked": mark("тражен извоз"),
    "export.agreed": mark("извоз одобрен"),
    "hold.placed": mark("слање заустављено"), "hold.released": mark("слање поново пуштено"),
    "instrument.published": mark("упитник објављен"), "instrument.read": mark("упитник прочитан"),
    "instrument.tried": mark("упитник испробан"), "instruments.read": mark("упитници прочитани"),
    "interview.begun": mark("разговор почео"), "invitation.closed": mark("круг затворен"),
    "overview.read": mark("преглед прочитан"), "participant.amended": mark("измена код особе"),
    "participant.enrolled": mark("особа уписана"), "participant.enrolled_on_console": mark("особа уписана у конзоли"),
    "participant.purged": mark("подаци о особи обрисани"), "participant.withdrawn": mark("одустанак записан"),
    "people.read": mark("списак људи прочитан"), "person.read": mark("страна особе прочитана"),
    "readiness.recorded": mark("спремност записана"), "release.asked": mark("тражено поновно слање"),
    "response.read": mark("одговори прочитани"), "response.reviewed": mark("одговори прегледани"),
    "responses.listed": mark("списак одговора прочитан"), "rota.changed": mark("дежурства измењена"),
    "task.closed": mark("задатак обављен"), "task.opened": mark("задатак отворен"),
    "today.read": mark("данашњи дан прочитан"), "centre.merged": mark("центри спојени"),
}  # fmt: skip
KEYS: Mapping[str, str] = {
    "role": mark("улога"), "centre": mark("центар"), "count": mark("број"), "alerts": mark("узбуна"),
    "tasks": mark("задатака"), "scope": mark("обухват"), "reason": mark("разлог"), "kind": mark("врста"),
    "informed": mark("друга служба обавештена"), "could_infer": mark("могло би да се закључи"),
    "asked_by": mark("тражио"), "step": mark("корак"), "responses": mark("кругова"), "answers": mark("одговора"),
    "research": mark("за истраживање"), "channel": mark("начин"), "wave": mark("круг"), "purpose": mark("сврха"),
    "given": mark("дато"), "error": mark("грешка"), "into": mark("у"),
}  # fmt: skip


def action(words: Words, code: str) -> str:
    """What was done; a code that has no words is shown as it is."""
    return words.say_(ACTIONS[code]) if code in ACTIONS else code


def detail(words: Words, text: str, names: Mapping[str, str]) -> str:
    """The details, such as "улога: радник"; names of accounts in place of their ids."""
    return ", ".join(f"{_key(words, key)}: {_value(words, value, names)}" for key, value in json.loads(text).items())


def _key(words: Words, key: str) -> str:
    return words.say_(KEYS[key]) if key in KEYS else key.replace("_", " ")


def _value(words: Words, value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return words.say_("да") if value else words.say_("не")
    if isinstance(value, int):
        return words.number(value)
    return names.get(str(value)) or words.code(value)
