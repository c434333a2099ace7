"""The codes of the core in words: states, reasons, kinds of tasks and of everything else that staff meet.

A test goes through every reason and every kind of task; none is shown as a code.
"""

from collections.abc import Mapping
from types import MappingProxyType

from surveys.language.catalogue import mark

CODES: Mapping[str, str] = MappingProxyType(
    {
        "active": mark("учествује"), "suspended": mark("привремено заустављено"), "withdrawn": mark("одустанак"),
        "in_custody": mark("у притвору или затвору"), "moved_abroad": mark("у иностранству"),
        "deceased": mark("преминуло лице"), "purged": mark("обрисано"),
        "telegram": "Telegram", "sms": "SMS", "phone": mark("телефон"), "page": mark("страница"),
        "contact": mark("јављање"), "evaluation": mark("оцена програма"), "call": mark("позив"),
        "skipped": mark("прескочено"), "refused": mark("без одговора по жељи"),
        "not_applicable": mark("не односи се"), "not_reached": mark("није се стигло"),
        "unsafe_to_ask": mark("није безбедно питати"),
        "complete": mark("потпун одговор"), "partial": mark("делимичан одговор"), "refusal": mark("одбијено"),
        "break_off": mark("прекинуто"), "non_contact": mark("без контакта"),
        "unsafe_to_contact": mark("није безбедно јављати се"), "not_reconfirmed": mark("није потврђено на време"),
        "expired": mark("рок је истекао"), "unknown": mark("непознато"),
        "urgent": mark("хитно"), "alert": mark("узбуна"), "task": mark("задатак"),
        "open": mark("отворено"), "acknowledged": mark("преузето"), "closed": mark("затворено"),
        "planned": mark("планирано"), "claimed": mark("шаље се"), "sent": mark("послато"),
        "failed": mark("није послато"), "cancelled": mark("отказано"),
        "notice": mark("позив на анкету"), "reminder": mark("подсетник"), "reply": mark("одговор"),
        "acknowledgement": mark("потврда"),
        "worker": mark("радник"), "coordinator": mark("координатор"), "evaluator": mark("оцењивач"),
        "administrator": mark("администратор"), "invited": mark("позив послат"),
        "side": mark("цела страна"), "centre": mark("центар"), "person": mark("особа"),
        "service": mark("сам програм"), "operator": mark("руковалац сервера"),
        "export": mark("извоз за истраживање"),
        "week": mark("за недељу дана"), "three_weeks": mark("за три недеље"), "later": mark("касније од три недеље"),
        "m0": mark("крај програма"), "m3": mark("три месеца"), "m6": mark("шест месеци"),
        "female": mark("женски"), "male": mark("мушки"),
        "late_entry": mark("датум завршетка унет касно"), "not_bound": mark("веза још није отворена"),
        "unknown_send": mark("не зна се да ли је порука стигла"), "undeliverable": mark("порука не може да стигне"),
        "wrong_number": mark("погрешан број"), "wants_help": mark("жели помоћ или разговор"),
        "poison": mark("порука није могла да се обради"), "blocked": mark("бот је блокиран"),
        "side_held": mark("слање је заустављено за целу страну"),
        "centre_held": mark("слање је заустављено за центар"), "person_held": mark("слање је заустављено за особу"),
        "no_contact": mark("нема проверене адресе"), "contact_suspended": mark("адреса је заустављена"),
        "no_consent": mark("нема пристанка"), "no_call_consent": mark("нема пристанка на позив"),
        "no_occasion": mark("нема разлога за позив"), "call_wanted": mark("жели да буде позвана"),
        "helplines_due": mark("линије за помоћ треба поново позвати"),
        "gate_closed": mark("превише погрешних речи; договорите нове, лично"),
        "answered": mark("већ је одговорено"), "wave_over": mark("круг је завршен"),
        "too_late": mark("прекасно"), "other_channel": mark("изабран је други начин"),
        "other_course": mark("припада ранијем програму"), "cap_of_the_day": mark("дневна граница порука"),
        "cap_of_the_wave": mark("граница порука за круг"), "outside_hours": mark("ван дозвољених сати"),
        "not_open_yet": mark("још није време"), "notice_not_sent": mark("позив није послат"),
        "no_allowed_time": mark("нема дозвољеног времена"), "no_invitation": mark("нема круга"),
        "wave_off": mark("овај круг није укључен"), "entered_too_late": mark("датум завршетка унет прекасно"),
        "contact_wrong_number": mark("погрешан број"),
        "inbox_dead": mark("порука није могла да се обради"), "not_sent": mark("порука није послата"),
        "begun": mark("већ је почео или почела разговор"), "not_ready": mark("спремност стране још није уписана"),
        "not_covered": mark("нико није дежуран у то време"), "no_safe_contact": mark("нема безбедног контакта"),
        "do_not_contact": mark("договорено је да се не јављамо"), "fewer_agreed": mark("договорено је мање подсетника"),
        "called": mark("особа се зове телефоном"), "no_page": mark("страница са анкетом није доступна"),
        "test": mark("пробна порука"), "traces_left": mark("трагови разговора нису обрисани"),
        "chat": mark("разговор у поруци"),
        "reconfirm": mark("потврдити безбедни контакт"),
        "reconfirm_overdue": mark("безбедни контакт није потврђен већ десет дана"),
        "withdrew_do_not_contact": mark("одустанак: могућа принуда, не јављати се"),
        "number_shared": mark("исти број има још неко"), "number_untested": mark("проверити број пробном поруком"),
        "alert_not_told": mark("узбуна није стигла до дежурног"), "alert_nobody_there": mark("нико не преузима узбуну"),
        "sms_conflict": mark("SMS који се не слаже са нашим записом"),
        "sms_auto_reply": mark("SMS оператер сам одговара на поруке"), "sms_not_delivered": mark("SMS није стигао"),
        "sms_not_redacted": mark("текст поруке је остао код SMS оператера"),
        "sms_bodies_held": mark("код SMS оператера има текстова порука"),
        "sms_no_privacy": mark("код SMS оператера није укључена заштита порука"),
        "sms_not_compared": mark("списак порука SMS оператера није упоређен"),
        "sms_unread": mark("SMS који нисмо примили: погледајте код оператера"),
        "sms_foreign": mark("код SMS оператера има порука које нису наше"),
        "case_code_shared": mark("исту шифру случаја има још неко"),
        "too_many_strangers": mark("превише порука непознатих"),
        "reconsent_needed": mark("потребан је нов пристанак"),
        "send_failed": mark("порука није послата"), "send_unknown": mark("не зна се да ли је порука стигла"),
        "contact_blocked": mark("бот је блокиран"), "contact_changed": mark("контакт се мења: чека се други радник"),
        "change_contact": mark("промена контакта"), "release": mark("поновно слање"),
        "no_answer": mark("нико се није јавио"), "someone_else": mark("јавио се неко други"),
        "call_later": mark("наставља се други пут"), "refuse": mark("одбијено"), "withdraw": mark("одустанак"),
        "rota": mark("дежурства"), "helplines": mark("линије за помоћ"), "line_called": mark("позив линије за помоћ"),
        "wording": mark("речи порука"), "consent_text": mark("текст пристанка"), "reconsent": mark("нов пристанак"),
        "yes": mark("да"), "no": mark("не"), "unknown_gender": mark("није унет"),
        "clock_trouble": mark("сат рачунара није поуздан"), "restored": mark("враћена је резервна копија"),
    }
)  # fmt: skip
"""Codes of the core, in words."""
SUSPENDED_BY = "contact_"
"""Begins the task about an address that is written to no more; what follows is the provider's own reason."""
CONSTRUCTS: Mapping[str, str] = MappingProxyType(
    {
        "behaviour_change": mark("промена понашања"),
        "contact": mark("виђање и контакт"),
        "control": mark("контрола"),
        "help": mark("помоћ"),
        "physical": mark("физичко насиље"),
        "power_relations": mark("односи моћи"),
        "psychological": mark("психичко насиље"),
        "responsibility": mark("одговорност"),
        "safety": mark("безбедност"),
        "severity": mark("тежина последица"),
        "sexual": mark("сексуално насиље"),
        "target": mark("према коме"),
        "threats": mark("претње"),
        "use_of_learning": mark("примена наученог"),
        "violence_earlier": mark("раније насиље"),
    }
)
"""What the shipped questionnaires ask about; a test goes through all of them."""
