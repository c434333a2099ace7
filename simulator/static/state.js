// What the bench shows now, and what a person does.
import { ask, tell } from "./shared.js";

export const state = { people: [], person: null, chat: null, locked: new Set(), toast: "", drawn: new Map(), first: false };

export async function act(name, told) {
  const chat = state.chat;
  try {
    return await ask(`/people/${state.person}/${name}`, { bot: chat && chat.bot, ...told });
  } catch (failure) {
    tell(failure.message);
    return null;
  }
}
