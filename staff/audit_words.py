"""The audit in words: what was done, and the details beside it, in the reader's language. Codes and ids alone go in."""

import json
from collections.abc import Mapping
from datetime import date

from markupsafe import Markup, escape

from staff.codes import CODES
from staff.words import Words
from surveys.language.catalogue import mark

ACTIONS: Mapping[str, str] = {
    "account.activated": mark("налог отворен"), "account.closed": mark("налог затворен"),
    "account.codes_made": mark("нови резервни кодови"), "account.invited": mark("послат позив на налог"),
    "account.invited_again": mark("поново послат позив на налог"),
    "account.passkey_added": mark("приступни кључ додат"),
    "account.sessions_ended": mark("одјава на свим уређајима"), "account.sign_in_failed": mark("неуспела пријава"),
    "account.signed_in": mark("пријава"), "account.signed_out": mark("одјава"),
    "accounts.read": mark("налози прочитани"), "alert.acknowledged": mark("узбуна преузета"),
    "alert.closed": mark("узбуна затворена"), "alert.drilled": mark("вежба узбуне"),
    "alert.escalated": mark("узбуна послата даље"), "alert.opened": mark("узбуна отворена"),
    "alert.read": mark("узбуна прочитана"), "alert.reopened": mark("узбуна поново отворена"),
    "alerts.read": mark("узбуне прочитане"),
    "answers.deleted": mark("ранији одговори обрисани"),
    "answer.recorded": mark("одговор примљен"), "answers.exported": mark("одговори извезени"),
    "audit.forgotten": mark("стари записи дневника обрисани по року"),
    "audit.exported": mark("дневник извезен"), "audit.read": mark("дневник прочитан"),
    "audit.verified": mark("ланац проверен"),
    "consent.recorded": mark("пристанак записан"), "contact.revealed": mark("подаци за јављање приказани"),
    "contact.suspended": mark("адреса заустављена"),
    "delivery.claimed": mark("порука узета за слање"), "delivery.sent": mark("порука послата"),
    "delivery.failed": mark("порука није послата"), "delivery.cancelled": mark("порука отказана"),
    "duress_plan.read": mark("договор за принуду прочитан"), "export.asked": mark("тражен извоз"),
    "export.agreed": mark("извоз одобрен"),
    "helpline.verified": mark("линија проверена"),
    "helpline.called": mark("линија позвана"), "settings.read": mark("поставке прочитане"),
    "centre.set": mark("центар измењен"), "day_off.set": mark("нерадни дан измењен"),
    "text.published": mark("текст пристанка објављен"), "text.dropped": mark("текст пристанка одбачен"),
    "protocol.approved": mark("нова верзија протокола одобрена"),
    "protocol.rejected": mark("предлог протокола одбијен"), "protocol.withdrawn": mark("предлог протокола повучен"),
    "wording.approved": mark("речи порука одобрене"),
    "agreement.asked": mark("тражена сагласност"), "agreement.given": mark("сагласност дата"),
    "hold.placed": mark("слање заустављено"), "hold.released": mark("слање поново пуштено"),
    "instrument.published": mark("упитник објављен"),
    "instrument.tried": mark("упитник испробан"), "instruments.read": mark("упитници прочитани"),
    "interview.begun": mark("разговор почео"), "invitation.closed": mark("круг затворен"),
    "overview.read": mark("преглед прочитан"), "participant.amended": mark("измена код особе"),
    "participant.enrolled": mark("особа уписана"), "participant.enrolled_on_console": mark("особа уписана у конзоли"),
    "participant.purged": mark("подаци о особи обрисани"), "participant.withdrawn": mark("одустанак записан"),
    "people.read": mark("списак људи прочитан"), "person.read": mark("страница особе прочитана"),
    "readiness.recorded": mark("спремност записана"), "release.asked": mark("тражено поновно слање"),
    "response.read": mark("одговори прочитани"), "response.reviewed": mark("одговори прегледани"),
    "responses.listed": mark("списак одговора прочитан"), "rota.changed": mark("дежурства измењена"),
    "task.closed": mark("задатак обављен"), "task.opened": mark("задатак отворен"),
    "task.reopened": mark("задатак поново отворен"),
    "bot.stamped": mark("бот везан за ову страну"),
    "call.ended": mark("позив завршен"),
    "callout.claimed": mark("дојава узета за слање"),
    "callout.failed": mark("дојава није послата"),
    "callout.told": mark("дојава стигла до дежурног"),
    "contact.bound": mark("веза отворена"),
    "contact.forgotten": mark("подаци за јављање обрисани по року"),
    "contact.change_asked": mark("тражена промена контакта"),
    "contact.change_granted": mark("промена контакта одобрена"),
    "contact.change_taken_back": mark("промена контакта повучена"),
    "contact.changed": mark("контакт промењен"),
    "contact.released": mark("адреса ослобођена"),
    "contact.resumed": mark("адреса поново у употреби"),
    "contact.tested": mark("послата пробна порука"),
    "contact.verified": mark("адреса проверена"),
    "conversation.leave": mark("разговор напуштен"), "conversation.unblocked": mark("бот поново дозвољен"),
    "delivery.looked_for": mark("порука тражена код оператера"),
    "delivery.unknown": mark("не зна се да ли је порука стигла"),
    "gate.missed": mark("погрешна реч"),
    "gate.opened": mark("реч прихваћена"),
    "inbox.dead": mark("порука није могла да се обради"),
    "keys.rotated": mark("кључеви замењени"),
    "page.bound": mark("страница везана за прегледач"),
    "page.issued": mark("веза за страницу направљена"),
    "page.complete": mark("страница завршена"), "page.leave": mark("страница напуштена"),
    "page.refuse": mark("на страници одбијено"), "page.withdraw": mark("на страници одустанак"),
    "page.wrong_number": mark("на страници пријављен погрешан број"),
    "participant.held": mark("слање особи заустављено"),
    "participant.language": mark("језик промењен"),
    "participant.left": mark("забележено да особа више није доступна"),
    "participant.reconsented": mark("нов пристанак особе"),
    "person.copied": mark("направљен препис података о особи"),
    "safe_contact.read": mark("безбедни контакт прочитан"),
    "safe_contact.recorded": mark("безбедни контакт записан"),
    "safety.reported": mark("направљен извештај о безбедности"),
    "side.made": mark("страна направљена"),
    "side.restored": mark("враћена резервна копија"),
    "side.withdrawals_entered": mark("одустанци унети из датотеке"),
    "sms.compared": mark("списак SMS порука упоређен"),
    "sms.conflict": mark("SMS који се не слаже са записом"),
    "sms.found": mark("SMS пронађен код оператера"),
    "sms.not_delivered": mark("SMS није стигао"),
    "trace.left": mark("траг разговора није обрисан"),
    "waiting.read": mark("оно што чека прочитано"),
    "today.read": mark("данашњи дан прочитан"), "centre.merged": mark("центри спојени"),
}  # fmt: skip
KEYS: Mapping[str, str] = {
    "role": mark("улога"), "centre": mark("центар"), "count": mark("број"), "alerts": mark("узбуна"),
    "tasks": mark("задатака"), "scope": mark("обухват"), "reason": mark("разлог"), "kind": mark("врста"),
    "informed": mark("друга служба обавештена"), "could_infer": mark("могло би да се закључи"),
    "asked_by": mark("тражио"), "step": mark("корак"), "responses": mark("кругова"), "answers": mark("одговора"),
    "research": mark("за истраживање"), "channel": mark("начин"),
    "adult": mark("пунолетство"), "line": mark("линија"), "wave": mark("круг"), "purpose": mark("сврха"),
    "urgency": mark("хитност"),
    "blind": mark("без дневника"), "late": mark("после рока"),
    "how": mark("исход"),
    "messages": mark("порука"),
    "target": mark("на кога"),
    "why": mark("повод"),
    "whole": mark("цео"),
    "last_audit": mark("последњи запис"), "last": mark("до записа"), "mac": mark("печат"),
    "tries": mark("покушаја"),
    "retired": mark("повучено"),
    "lifted": mark("пуштено"),
    "bot": mark("бот"),
    "disposition": mark("исход круга"),
    "top": mark("последњи степен"),
    "heard": mark("одговорено"),
    "language": mark("језик"),
    "moved": mark("премештено"),
    "on": mark("дана"),
    "left": mark("ранији запис"),
    "found": mark("нађено"),
    "alert": mark("узбуна"),
    "fate": mark("шта је било"),
    "told": mark("обавештено"),
    "item": mark("питање"),
    "given": mark("дато"), "error": mark("грешка"), "into": mark("у"),
    "to": mark("преузима"),
}  # fmt: skip

_ISO_DAY = len("2026-11-24")


def action(words: Words, code: str) -> str:
    """What was done; a code that has no words is shown as it is."""
    return words.say_(ACTIONS[code]) if code in ACTIONS else code


def detail(words: Words, text: str, names: Mapping[str, str]) -> Markup:
    """The details, such as "улога: радник"; names of accounts in place of their ids. A code without words says so."""
    parts = (_key(words, key) + Markup(": ") + _value(words, value, names) for key, value in json.loads(text).items())
    return Markup(", ").join(parts)


def _key(words: Words, key: str) -> Markup:
    return escape(words.say_(KEYS[key])) if key in KEYS else _code(key)


def _value(words: Words, value: object, names: Mapping[str, str]) -> Markup:
    if isinstance(value, bool):
        return escape(words.say_("да") if value else words.say_("не"))
    if isinstance(value, int):
        return escape(words.number(value))
    if (day := _day(str(value))) is not None:
        return escape(words.day(day))
    known = str(value) in names or str(value) in CODES
    return escape(names.get(str(value)) or words.code(value)) if known else _code(str(value))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == _ISO_DAY else None
    except ValueError:
        return None


def _code(code: str) -> Markup:
    return Markup("<code>{}</code>").format(code)
