// The clock that both benches show and move.
import { $, ZONE, ask, tell } from "./shared.js";

const SHOWN = {
  timeZone: ZONE, weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
};
let now = 0;

export const instant = () => now;

export async function drawClock() {
  const clock = await ask("/clock");
  now = new Date(clock.now).getTime() / 1000;
  $("now").dateTime = clock.now;
  const shown = new Date(clock.now).toLocaleString("en-GB", SHOWN);
  if ($("now").textContent !== shown) $("now").textContent = shown;
  $("next").disabled = !clock.next;
  $("coming").textContent = clock.next
    ? `Next event: ${new Date(clock.next).toLocaleString("en-GB", SHOWN)}`
    : "No next event: press Start on a phone first, or answer what is there.";
}

async function move(told, refresh) {
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

export function moveable(refresh) {
  $("next").addEventListener("click", () => move({ to: "next" }, refresh));
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => move({ advance_seconds: Number(button.dataset.advance) }, refresh));
  }
  setInterval(() => drawClock().catch(() => undefined), 5000);
}
