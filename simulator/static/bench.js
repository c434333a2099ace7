// The bench of phones. Whatever a person or a bot wrote is only ever put in as text, never as markup.
"use strict";

const ZONE = "Europe/Belgrade";
const WORDS = {
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
const $ = (id) => document.getElementById(id);
const state = { people: [], person: null, chat: null, locked: new Set(), toast: "", drawn: new Map(), first: false };

function words() {
  const language = state.chat ? state.chat.person.language.toLowerCase() : "en";
  if (language.includes("latn")) return WORDS.latn;
  return language.startsWith("sr") ? WORDS.sr : WORDS.en;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function said(seconds, options) {
  return new Date(seconds * 1000).toLocaleString(words().locale, { timeZone: ZONE, ...options });
}
const hour = (seconds) => said(seconds, { hour: "2-digit", minute: "2-digit" });
const day = (seconds) => said(seconds, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

async function ask(path, told) {
  const options = told === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(told),
  };
  const answer = await fetch("/control" + path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error || "it was refused");
  return body;
}

async function act(name, told) {
  const chat = state.chat;
  try {
    return await ask(`/people/${state.person}/${name}`, { bot: chat && chat.bot, ...told });
  } catch (failure) {
    tell(failure.message);
    return null;
  }
}

function tell(text) { $("status").textContent = text; }

// ---- people

function drawPeople() {
  const wanted = $("search").value.trim().toLowerCase();
  const focused = document.activeElement && document.activeElement.dataset.person;
  $("people").replaceChildren(...state.people.filter((each) => name(each).toLowerCase().includes(wanted)).map(personItem));
  if (focused) document.querySelector(`[data-person="${focused}"]`)?.focus();
  $("nobody").hidden = state.people.length > 0;
  $("search-label").hidden = state.people.length < 12;
}

function name(person) { return `${person.first_name} ${person.last_name}`.trim(); }

function personItem(person) {
  const item = make("li"), button = make("button");
  button.type = "button";
  button.dataset.person = person.id;
  if (person.id === state.person) button.setAttribute("aria-current", "true");
  button.append(make("span", "face", [...person.first_name][0]), make("span", "name", name(person)));
  button.firstChild.setAttribute("aria-hidden", "true");
  if (person.unread) {
    const badge = make("span", "badge", person.unread);
    badge.append(make("span", "hidden", " unread"));
    button.append(badge);
  }
  button.addEventListener("click", () => choose(person.id));
  item.append(button);
  return item;
}

async function choose(person) {
  state.person = person;
  state.chat = null;
  state.toast = "";
  state.first = true;
  state.drawn.clear();
  $("log").replaceChildren();
  $("write").value = "";
  location.hash = person;
  closeMenu();
  await refresh();
  if (!state.locked.has(person)) ($("start").hidden ? $("write") : $("start")).focus();
}

// ---- the chat

function drawChat() {
  const chat = state.chat, say = words(), locked = state.locked.has(state.person);
  $("phone").hidden = false;
  $("choose").hidden = true;
  $("phone").lang = say === WORDS.en ? "en" : say === WORDS.sr ? "sr-Cyrl" : "sr-Latn";
  $("title").textContent = chat.title;
  $("face").textContent = [...chat.title][0] || "";
  $("kind").textContent = chat.blocked ? say.blocked : say.bot;
  $("start").textContent = chat.messages.length || chat.blocked ? say.restart : say.start;
  $("start").hidden = chat.started && !chat.blocked && chat.messages.length > 0;
  $("composer").hidden = !chat.started || chat.blocked;
  $("write-label").textContent = $("write").placeholder = say.write;
  $("send").textContent = say.send;
  $("more").setAttribute("aria-label", say.more);
  $("lock").textContent = say.lock;
  $("unlock").textContent = say.unlock;
  $("lockscreen").hidden = !locked;
  for (const part of $("phone").children) part.inert = locked && part.id !== "lockscreen";
  drawLog(chat.messages);
  drawTyped(chat.typed_keyboard);
  drawToast(chat.toast);
}

function drawLog(messages) {
  const log = $("log"), atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const kept = new Set(messages.map((each) => each.message));
  const focused = document.activeElement?.closest?.("#log .bubble");
  for (const [number, drawn] of state.drawn) {
    if (!kept.has(number)) { drawn.item.remove(); state.drawn.delete(number); }
  }
  for (const message of messages) drawBubble(log, message);
  drawDays(log, messages);
  log.querySelector(".about")?.remove();
  if (!messages.length && state.chat.about) log.append(make("li", "about", state.chat.about));
  if (atEnd || state.first) log.scrollTop = log.scrollHeight;
  if (focused && !log.contains(document.activeElement)) (focused.querySelector(".keys *[data-key]") || lastKey() || $("write")).focus();
  state.first = false;
}

function lastKey() { return [...$("log").querySelectorAll("[data-key]")].pop(); }

function drawBubble(log, message) {
  const print = JSON.stringify(message);
  const drawn = state.drawn.get(message.message);
  if (drawn && drawn.print === print) return;
  const item = drawn ? drawn.item : make("li", `bubble ${message.by_bot ? "bot" : "own"}`);
  item.dataset.message = message.message;
  const text = make("div", "words");
  text.append(...linked(message.text));
  const stamp = make("span", "stamp", (message.edited ? words().edited + " " : "") + hour(message.at));
  text.append(stamp);
  item.replaceChildren(text);
  if (message.buttons.length) item.append(keys(message));
  if (!drawn) log.append(item);
  state.drawn.set(message.message, { item, print });
}

function linked(text) {
  return text.split(/(https?:\/\/[^\s]+)/).map((part, place) => {
    if (place % 2 === 0) return document.createTextNode(part);
    return anchor(part, part);
  });
}

function anchor(address, label) {
  const link = make("a", "", label);
  if (/^https?:\/\//.test(address)) link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function keys(message) {
  const group = make("div", "keys");
  group.setAttribute("role", "group");
  for (const row of message.buttons) {
    const line = make("div", "row");
    line.append(...row.map((button) => key(message, button)));
    group.append(line);
  }
  return group;
}

function key(message, button) {
  const element = button.url ? anchor(button.url, button.text) : make("button", "", button.text);
  element.dataset.key = button.callback_data || "";
  if (button.url) return element;
  element.type = "button";
  element.addEventListener("click", async () => {
    if (button.copy_text) { await navigator.clipboard?.writeText(button.copy_text.text); return; }
    element.setAttribute("aria-busy", "true");
    await act("press", { data: button.callback_data, message: message.message });
    element.removeAttribute("aria-busy");
  });
  return element;
}

function drawDays(log, messages) {
  for (const old of log.querySelectorAll(".day")) old.remove();
  let last = "";
  for (const message of messages) {
    const today = day(message.at);
    if (today !== last) state.drawn.get(message.message).item.before(make("li", "day", today));
    last = today;
  }
}

function drawTyped(rows) {
  $("typed").hidden = !rows.length;
  $("typed").replaceChildren(...rows.map((row) => {
    const line = make("div", "row");
    line.append(...row.map((label) => {
      const button = make("button", "", label);
      button.type = "button";
      button.addEventListener("click", () => act("type", { text: label }));
      return button;
    }));
    return line;
  }));
}

let fading = 0;
function drawToast(toast) {
  if (!toast || toast.query === state.toast) return;
  state.toast = toast.query;
  if (state.opening) return; // it was shown before this phone was taken up
  $("toast").textContent = toast.text;
  $("toast").hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { $("toast").hidden = true; }, toast.alert ? 8000 : 3500);
}

// ---- the menu

function openMenu() {
  const chat = state.chat, say = words(), items = [];
  const add = (label, todo) => {
    const item = make("li"), button = make("button", "", label);
    item.setAttribute("role", "none");
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.addEventListener("click", () => { closeMenu(true); todo(); });
    item.append(button);
    items.push(item);
  };
  if (chat.started && !chat.blocked) {
    for (const each of chat.commands) add(`/${each.command} · ${each.description}`, () => act("type", { text: "/" + each.command }));
    add(say.sticker, () => act("send", { kind: "sticker" }));
    add(say.voice, () => act("send", { kind: "voice" }));
  }
  if (chat.blocked) add(say.unblock, () => act("unblock"));
  else if (chat.started) add(say.block, () => act("block"));
  add(say.clear, () => act("clear"));
  $("menu").replaceChildren(...items);
  $("menu").hidden = false;
  $("more").setAttribute("aria-expanded", "true");
  $("menu").querySelector("button").focus();
}

function closeMenu(back) {
  if ($("menu").hidden) return;
  $("menu").hidden = true;
  $("more").setAttribute("aria-expanded", "false");
  if (back) $("more").focus();
}

function menuKeys(event) {
  const buttons = [...$("menu").querySelectorAll("button")], at = buttons.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to !== undefined) { event.preventDefault(); buttons[(to + buttons.length) % buttons.length].focus(); }
  if (event.key === "Escape") closeMenu(true);
}

// ---- lock screen and onlooker

function drawOnlooker(seen, now) {
  const notice = (each) => {
    const item = make("li");
    item.append(make("strong", "", each.title), make("span", "", each.text));
    return item;
  };
  $("notices").replaceChildren(...seen.lock_screen.map(notice));
  $("glance").replaceChildren(...list(seen.lock_screen, "Nothing: every message has been read."));
  $("chats").replaceChildren(...list(seen.chat_list, "No chat."));
  if (now) {
    $("locktime").textContent = hour(now);
    $("lockdate").textContent = day(now);
  }
}

function list(entries, nothing) {
  if (!entries.length) return [make("li", "empty", nothing)];
  return entries.map((each) => {
    const item = make("li"), line = make("div", "line"), title = make("strong", "", each.title);
    line.append(title, make("time", "", hour(each.at)));
    item.append(line, make("span", "", each.text ?? each.preview));
    if (each.unread) item.append(" ", make("span", "badge", each.unread));
    return item;
  });
}

function setLocked(locked) {
  state.locked[locked ? "add" : "delete"](state.person);
  $("lock").setAttribute("aria-pressed", String(locked));
  refresh().then(() => (locked ? $("unlock") : $("write")).focus());
}

// ---- the clock

let now = 0;
async function drawClock() {
  const clock = await ask("/clock");
  now = new Date(clock.now).getTime() / 1000;
  $("now").dateTime = clock.now;
  const shown = new Date(clock.now).toLocaleString("en-GB", {
    timeZone: ZONE, weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
  });
  if ($("now").textContent !== shown) $("now").textContent = shown;
  $("next").disabled = !clock.next;
}

async function move(told) {
  const buttons = [...document.querySelectorAll(".moves button")].filter((each) => !each.disabled);
  const focused = document.activeElement;
  for (const button of buttons) button.disabled = true;
  tell("The clock is moving …");
  try {
    await ask("/clock", told);
    tell("");
  } catch (failure) {
    tell(failure.message);
  }
  for (const button of buttons) button.disabled = false;
  await refresh();
  await drawClock();
  focused?.focus?.();
}

// ---- keeping up

let loading = null, again = false;
function refresh() { // resolves once what is shown is at least as new as the call
  again = true;
  loading ??= loadAll().finally(() => { loading = null; });
  return loading;
}

async function loadAll() {
  try {
    while (again) { again = false; await load(); }
  } catch {
    tell("The simulator does not answer.");
  }
}

async function load() {
  state.people = await ask("/people");
  const person = state.people.find((each) => each.id === state.person);
  if (person) {
    const bot = person.bots[0] ? `?bot=${person.bots[0]}` : "";
    const [chat, seen] = await Promise.all([
      ask(`/people/${person.id}/messages${bot}`), ask(`/people/${person.id}/onlooker`),
    ]);
    if (state.person !== person.id) { again = true; return; }
    state.opening = state.chat === null;
    state.chat = { ...chat, bot: person.bots[0] };
    drawChat();
    drawOnlooker(seen, now);
    if (person.unread && !state.locked.has(person.id) && document.visibilityState === "visible") await act("read");
  }
  drawPeople();
}

function listen() {
  const events = new EventSource("/control/events");
  events.onmessage = () => refresh();
  events.onopen = () => { tell(""); refresh(); drawClock(); };
  events.onerror = () => tell("The connection was lost; trying again …");
}

function send() {
  const text = $("write").value;
  if (!text.trim()) return;
  $("write").value = "";
  grow();
  act("type", { text });
}

function grow() {
  $("write").rows = Math.min(5, $("write").value.split("\n").length);
}

$("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
$("write").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
});
$("write").addEventListener("input", grow);
$("start").addEventListener("click", async () => { await act("start", { bot: undefined }); await refresh(); $("write").focus(); });
$("more").addEventListener("click", () => ($("menu").hidden ? openMenu() : closeMenu(true)));
$("menu").addEventListener("keydown", menuKeys);
document.addEventListener("click", (event) => { if (!event.target.closest(".bar")) closeMenu(); });
$("lock").addEventListener("click", () => setLocked(true));
$("unlock").addEventListener("click", () => setLocked(false));
$("search").addEventListener("input", drawPeople);
$("next").addEventListener("click", () => move({ to: "next" }));
for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => move({ advance_seconds: Number(button.dataset.advance) }));
}
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") refresh(); });
setInterval(() => drawClock().catch(() => undefined), 5000);
listen();
if (/^#\d+$/.test(location.hash)) choose(Number(location.hash.slice(1)));
