// What the app around a chat says, in the person's language.
import { ZONE } from "./shared.js";
import { state } from "./state.js";

export const WORDS = {
  en: { locale: "en-GB", start: "Start", restart: "Start again", write: "Message", send: "Send", block: "Block the bot",
    unblock: "Unblock the bot", clear: "Delete the chat", sticker: "Send a sticker", voice: "Send a voice message",
    bot: "bot", blocked: "bot · blocked", edited: "edited", more: "More", lock: "Lock", unlock: "Unlock" },
  sr: { locale: "sr-Cyrl-RS", start: "Старт", restart: "Старт поново", write: "Порука", send: "Пошаљи",
    block: "Блокирај бота", unblock: "Одблокирај бота", clear: "Обриши ћаскање", sticker: "Пошаљи налепницу",
    voice: "Пошаљи гласовну поруку", bot: "бот", blocked: "бот · блокиран", edited: "измењено", more: "Још",
    lock: "Закључај", unlock: "Откључај" },
  latn: { locale: "sr-Latn-RS", start: "Start", restart: "Start ponovo", write: "Poruka", send: "Pošalji",
    block: "Blokiraj bota", unblock: "Odblokiraj bota", clear: "Obriši ćaskanje", sticker: "Pošalji nalepnicu",
    voice: "Pošalji glasovnu poruku", bot: "bot", blocked: "bot · blokiran", edited: "izmenjeno", more: "Još",
    lock: "Zaključaj", unlock: "Otključaj" },
};

export function words() {
  const language = state.chat ? state.chat.person.language.toLowerCase() : "en";
  if (language.includes("latn")) return WORDS.latn;
  return language.startsWith("sr") ? WORDS.sr : WORDS.en;
}

function said(seconds, options) {
  return new Date(seconds * 1000).toLocaleString(words().locale, { timeZone: ZONE, ...options });
}
export const hour = (seconds) => said(seconds, { hour: "2-digit", minute: "2-digit" });
export const day = (seconds) => said(seconds, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
