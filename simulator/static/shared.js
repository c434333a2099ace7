// What both benches of phones share. Whatever somebody wrote is only ever put in as text, never as markup.

export const ZONE = "Europe/Belgrade";
export const $ = (id) => document.getElementById(id);

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export async function ask(path, told) {
  const options = told === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(told),
  };
  const answer = await fetch("/control" + path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error || "it was refused");
  return body;
}

export function tell(text) { $("status").textContent = text; }

export function linked(text) {
  return text.split(/(https?:\/\/[^\s]+)/).map((part, place) => {
    if (place % 2 === 0) return document.createTextNode(part);
    return anchor(part, part);
  });
}

export function anchor(address, label) {
  const link = make("a", "", label);
  if (/^https?:\/\//.test(address)) link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

// A person's row in the list; `kept` names the attribute by which its button is found again.
export function personRow({ kept, mark, called, unread, current, choose }) {
  const item = make("li"), button = make("button");
  button.type = "button";
  button.dataset[kept] = mark;
  if (current) button.setAttribute("aria-current", "true");
  button.append(make("span", "face", [...called][0]), make("span", "name", called));
  button.firstChild.setAttribute("aria-hidden", "true");
  if (unread) {
    const badge = make("span", "badge", unread);
    badge.append(make("span", "hidden", " unread"));
    button.append(badge);
  }
  button.addEventListener("click", () => choose(mark));
  item.append(button);
  return item;
}

// Draw the list anew and give the focus back to whoever had it.
export function drawRows(kept, rows) {
  const focused = document.activeElement?.dataset?.[kept];
  $("people").replaceChildren(...rows);
  if (focused) document.querySelector(`[data-${kept}="${focused}"]`)?.focus();
}

export function sendOnEnter(send) {
  $("write").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
}
