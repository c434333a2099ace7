// The list of people, and choosing one.
import { $, drawRows, personRow } from "./shared.js";
import { closeMenu } from "./menu.js";
import { refresh } from "./keeping.js";
import { state } from "./state.js";

export function drawPeople() {
  const wanted = $("search").value.trim().toLowerCase();
  drawRows("person", state.people.filter((each) => name(each).toLowerCase().includes(wanted)).map(row));
  $("nobody").hidden = state.people.length > 0;
  $("search-label").hidden = state.people.length < 12;
}

function name(person) { return `${person.first_name} ${person.last_name}`.trim(); }

function row(person) {
  const current = person.id === state.person;
  return personRow({ kept: "person", mark: person.id, called: name(person), unread: person.unread, current, choose });
}

export async function choose(person) {
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
