// Phones with SMS.
import { $, ZONE, ask, drawRows, linked, make, personRow, sendOnEnter, tell } from "./shared.js";
import { drawClock, moveable } from "./clock.js";

const state = { number: decodeURIComponent(location.hash.slice(1)), print: "", listed: "" };

const own = () => `/sms/phones/${encodeURIComponent(state.number)}`;
const time = (at, options) => new Date(at * 1000).toLocaleString("en-GB", { timeZone: ZONE, ...options });

function person(each) {
  const current = each.number === state.number;
  return personRow({ kept: "number", mark: each.number, called: each.name, unread: each.unread, current, choose });
}

function drawPeople(people) {
  const print = JSON.stringify([people, state.number]);
  if (print === state.listed) return;
  state.listed = print;
  drawRows("number", people.map(person));
  $("nobody").hidden = people.length > 0;
}

function bubble(message) {
  const item = make("li", `bubble ${message.own ? "own" : "bot"}`), text = make("div", "words");
  text.append(...linked(message.text), make("span", "stamp", time(message.at, { dateStyle: "medium", timeStyle: "short" })));
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

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("write").value;
  if (!text.trim()) return;
  $("write").value = "";
  try { await ask(`${own()}/text`, { text }); } catch (failure) { tell(failure.message); }
  await refresh();
});
sendOnEnter(() => $("composer").requestSubmit());
moveable(refresh);
setInterval(refresh, 1500);
drawClock().catch(() => undefined);
refresh();
