// Phones with SMS. Whatever somebody wrote is only ever put in as text, never as markup.
"use strict";

const ZONE = "Europe/Belgrade";
const $ = (id) => document.getElementById(id);
const state = { number: decodeURIComponent(location.hash.slice(1)), print: "", listed: "" };

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

async function ask(path, told) {
  const options = told === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(told),
  };
  const answer = await fetch("/control" + path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error || "it was refused");
  return body;
}

function tell(text) { $("status").textContent = text; }
const own = () => `/sms/phones/${encodeURIComponent(state.number)}`;
const time = (at, options) => new Date(at * 1000).toLocaleString("en-GB", { timeZone: ZONE, ...options });

function person(each) {
  const item = make("li"), button = make("button");
  button.type = "button";
  button.dataset.number = each.number;
  if (each.number === state.number) button.setAttribute("aria-current", "true");
  button.append(make("span", "face", [...each.name][0]), make("span", "name", each.name));
  button.firstChild.setAttribute("aria-hidden", "true");
  if (each.unread) {
    const badge = make("span", "badge", each.unread);
    badge.append(make("span", "hidden", " unread"));
    button.append(badge);
  }
  button.addEventListener("click", () => choose(each.number));
  item.append(button);
  return item;
}

function drawPeople(people) {
  const print = JSON.stringify([people, state.number]);
  if (print === state.listed) return;
  state.listed = print;
  const focused = document.activeElement?.dataset?.number;
  $("people").replaceChildren(...people.map(person));
  if (focused) document.querySelector(`[data-number="${focused}"]`)?.focus();
  $("nobody").hidden = people.length > 0;
}

function words(text) {
  return text.split(/(https?:\/\/[^\s]+)/).map((part, place) => {
    if (place % 2 === 0) return document.createTextNode(part);
    const link = make("a", "", part);
    link.href = part;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  });
}

function bubble(message) {
  const item = make("li", `bubble ${message.own ? "own" : "bot"}`), text = make("div", "words");
  text.append(...words(message.text), make("span", "stamp", time(message.at, { dateStyle: "medium", timeStyle: "short" })));
  item.append(text);
  return item;
}

function drawPhone(phone) {
  const print = JSON.stringify(phone);
  if (print === state.print) return;
  state.print = print;
  $("phone").hidden = false;
  $("choose").hidden = true;
  $("title").textContent = phone.name;
  $("number").textContent = phone.number;
  $("face").textContent = [...phone.name][0] || "";
  $("log").replaceChildren(...phone.messages.map(bubble));
  if (!phone.messages.length) $("log").append(make("li", "about", "No message yet. Move the clock to the next event."));
  $("log").scrollTop = $("log").scrollHeight;
  $("composer").hidden = !phone.writes;
  $("oneway").hidden = phone.writes;
}

function drawGlance(seen) {
  const row = (title, text) => {
    const item = make("li");
    item.append(make("strong", "", title), make("span", "", text));
    return item;
  };
  const list = (rows, none) => (rows.length ? rows : [make("li", "quiet", none)]);
  $("glance").replaceChildren(...list(seen.lock_screen.map((each) => row(each.title, each.text)), "Nothing: every message has been read."));
  $("chats").replaceChildren(...list(seen.chat_list.map((each) => row(each.title, each.preview)), "Nobody wrote yet."));
}

async function choose(number) {
  state.number = number;
  state.print = "";
  location.hash = encodeURIComponent(number);
  drawGlance(await ask(`${own()}/onlooker`));
  await refresh();
  $("log").focus();
}

async function refresh() {
  try {
    drawPeople(await ask("/sms/phones"));
    if (!state.number) return;
    const before = await ask(`${own()}/onlooker`);
    if (before.lock_screen.length || !state.print) drawGlance(before);
    drawPhone(await ask(own()));
  } catch {
    tell("The simulator does not answer.");
  }
}

function drawClock(told) {
  $("now").textContent = new Date(told.now).toLocaleString("en-GB", { timeZone: ZONE, dateStyle: "full", timeStyle: "short" });
  $("next").disabled = told.next === null;
}

async function move(told) {
  const buttons = document.querySelectorAll(".moves button");
  for (const each of buttons) each.disabled = true;
  tell("Moving on …");
  try {
    const moved = await ask("/clock", told);
    tell("");
    for (const each of buttons) each.disabled = false;
    drawClock(moved);
  } catch (failure) {
    for (const each of buttons) each.disabled = false;
    tell(failure.message);
  }
  await refresh();
}

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("write").value;
  if (!text.trim()) return;
  $("write").value = "";
  try { await ask(`${own()}/text`, { text }); } catch (failure) { tell(failure.message); }
  await refresh();
});
$("write").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("composer").requestSubmit(); }
});
$("next").addEventListener("click", () => move({ to: "next" }));
for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => move({ advance_seconds: Number(button.dataset.advance) }));
}
const look = () => ask("/clock").then(drawClock).catch(() => undefined);
setInterval(refresh, 1500);
setInterval(look, 5000);
look();
refresh();
