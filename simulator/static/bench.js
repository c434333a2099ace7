// The bench of phones: what belongs together is wired here.
import { $, ask, sendOnEnter, tell } from "./shared.js";
import { act, state } from "./state.js";
import { choose, drawPeople } from "./people.js";
import { closeMenu, menuKeys, openMenu } from "./menu.js";
import { drawClock, instant, moveable } from "./clock.js";
import { drawOnlooker, setLocked } from "./onlooker.js";
import { keep, lookAgain, refresh } from "./keeping.js";
import { drawChat } from "./chat.js";

async function load() {
  state.people = await ask("/people");
  const person = state.people.find((each) => each.id === state.person);
  if (person) {
    const bot = person.bots[0] ? `?bot=${person.bots[0]}` : "";
    const [chat, seen] = await Promise.all([
      ask(`/people/${person.id}/messages${bot}`), ask(`/people/${person.id}/onlooker`),
    ]);
    if (state.person !== person.id) { lookAgain(); return; }
    state.opening = state.chat === null;
    state.chat = { ...chat, bot: person.bots[0] };
    drawChat();
    drawOnlooker(seen, instant());
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
sendOnEnter(send);
$("write").addEventListener("input", grow);
$("start").addEventListener("click", async () => { await act("start", { bot: undefined }); await refresh(); $("write").focus(); });
$("more").addEventListener("click", () => ($("menu").hidden ? openMenu() : closeMenu(true)));
$("menu").addEventListener("keydown", menuKeys);
document.addEventListener("click", (event) => { if (!event.target.closest(".bar")) closeMenu(); });
$("lock").addEventListener("click", () => setLocked(true));
$("unlock").addEventListener("click", () => setLocked(false));
$("search").addEventListener("input", drawPeople);
moveable(refresh);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") refresh(); });
keep(load);
listen();
if (/^#\d+$/.test(location.hash)) choose(Number(location.hash.slice(1)));
