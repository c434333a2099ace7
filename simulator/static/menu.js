// The menu of the chat, by mouse and by keys.
import { $, make } from "./shared.js";
import { act, state } from "./state.js";
import { words } from "./words.js";

export function openMenu() {
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

export function closeMenu(back) {
  if ($("menu").hidden) return;
  $("menu").hidden = true;
  $("more").setAttribute("aria-expanded", "false");
  if (back) $("more").focus();
}

export function menuKeys(event) {
  const buttons = [...$("menu").querySelectorAll("button")], at = buttons.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to !== undefined) { event.preventDefault(); buttons[(to + buttons.length) % buttons.length].focus(); }
  if (event.key === "Escape") closeMenu(true);
}
