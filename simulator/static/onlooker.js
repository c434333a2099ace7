// The lock screen, and what somebody who looks over a shoulder sees.
import { day, hour } from "./words.js";
import { $, make } from "./shared.js";
import { refresh } from "./keeping.js";
import { state } from "./state.js";

export function drawOnlooker(seen, now) {
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

export function setLocked(locked) {
  state.locked[locked ? "add" : "delete"](state.person);
  $("lock").setAttribute("aria-pressed", String(locked));
  refresh().then(() => (locked ? $("unlock") : $("write")).focus());
}
