// The chat: bubbles, buttons, days, toasts.
import { $, anchor, linked, make } from "./shared.js";
import { WORDS, day, hour, words } from "./words.js";
import { act, state } from "./state.js";

export function drawChat() {
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
