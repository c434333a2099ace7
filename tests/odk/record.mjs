// Fills every form with seeded random answers in ODK's own engine and writes down what the engine says after each one.
// node record.mjs FOLDER_OF_XFORMS RECORD.json   (NODE_PATH: the folder with the two packages of package.json)
import { createRequire } from "module";
import fs from "fs";
import path from "path";
import { pathToFileURL } from "url";

const [folder, target] = process.argv.slice(2);
const root = process.env.NODE_PATH;
const require = createRequire(path.join(root, "x.js"));
const { JSDOM } = require("jsdom");
const page = new JSDOM("<!doctype html>").window;
const borrowed = ["DOMParser", "XMLSerializer", "Node", "Element", "Document", "XMLDocument", "Attr", "Text", "Comment",
  "CDATASection", "ProcessingInstruction", "NodeFilter", "File", "Blob", "FormData", "document", "XPathResult",
  "XPathEvaluator", "DocumentFragment", "CharacterData", "HTMLElement"];
for (const name of borrowed) if (page[name] !== undefined) globalThis[name] = page[name];
globalThis.window ??= globalThis;
// The engine's grammar loader expects CommonJS under Node.
globalThis.__dirname = path.join(root, "@getodk/xforms-engine/dist");
globalThis.require = require;
const engine = await import(pathToFileURL(path.join(root, "@getodk/xforms-engine/dist/index.js")));

const SEQUENCES = 6, STEPS = 14;
const USUAL = {
  string: ["", "a", "ана", "12", "-3.5", "x y", "2026-02-28"],
  int: ["", "0", "1", "2", "5", "17", "18", "-3", "100"],
  decimal: ["", "0.5", "2.5", "-2.5", "1.005", "10", "0.1", "-0.4"],
  date: ["", "2026-01-31", "2024-02-29", "2026-11-30", "1969-12-31", "2027-03-01"],
};

function dice(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const nameOf = (node) => node.currentState.reference.split("/").pop();

function leaves(node, found = []) {
  for (const each of node.currentState.children ?? []) {
    if (each.nodeType === "group" || each.nodeType === "subtree") leaves(each, found);
    else if (nameOf(each) !== "instanceID") found.push(each); // a random number of the engine
  }
  return found;
}

function seen(node) {
  const { relevant, instanceValue, valueOptions } = node.currentState;
  const { constraint, required } = node.validationState;
  const state = [relevant ? 1 : 0, instanceValue, constraint.valid ? 1 : 0, required.valid ? 1 : 0];
  if (node.nodeType === "select") state.push(valueOptions.map((option) => option.value).join(" "));
  return state;
}

function answer(node, throwing, pools) {
  if (node.nodeType !== "select") {
    const pool = pools[nameOf(node)] ?? USUAL[node.valueType] ?? USUAL.string;
    const value = pool[throwing(pool.length)];
    node.setValue(value === "" && node.valueType !== "string" ? null : value);
    return value;
  }
  const open = node.currentState.valueOptions.map((option) => option.value);
  const chosen = node.selectType === "select" ? open.filter(() => throwing(2)) : [open[throwing(open.length + 1)]];
  const values = chosen.filter((value) => value !== undefined);
  node.selectValues(values);
  return values.join(" ");
}

function changes(nodes, before) {
  const found = {};
  for (const node of nodes) {
    const now = JSON.stringify(seen(node));
    if (before[nameOf(node)] !== now) found[nameOf(node)] = JSON.parse(now);
    before[nameOf(node)] = now;
  }
  return found;
}

async function fill(xml, tries, seed) {
  const form = await engine.loadForm(xml);
  if (form.status === "failure") throw form.error;
  const nodes = leaves(form.createInstance().root), throwing = dice(seed), before = {};
  const askable = nodes.filter((node) => ["input", "select", "range"].includes(node.nodeType));
  const steps = [{ now: changes(nodes, before) }];
  for (let step = 0; step < STEPS; step++) {
    const asked = askable.filter((node) => node.currentState.relevant && !node.currentState.readonly);
    if (!asked.length) break;
    const node = asked[throwing(asked.length)];
    const value = answer(node, throwing, tries);
    steps.push({ set: [nameOf(node), value], now: changes(nodes, before) });
  }
  return steps;
}

const record = {};
for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".xml")).sort()) {
  const name = path.basename(file, ".xml"), at = path.join(folder, name);
  const lines = fs.readFileSync(`${at}.try`, "utf8").split("\n").filter(Boolean);
  const tries = Object.fromEntries(lines.map((line) => {
    const [item, ...rest] = line.split(":");
    return [item.trim(), rest.join(":").split(";").map((value) => value.trim())];
  }));
  record[name] = [];
  for (let seed = 1; seed <= SEQUENCES; seed++) record[name].push(await fill(fs.readFileSync(`${at}.xml`, "utf8"), tries, seed));
}
const lines = Object.entries(record).map(([name, runs]) => `${JSON.stringify(name)}: [\n${runs.map((run) => JSON.stringify(run)).join(",\n")}\n]`);
fs.writeFileSync(target, `{\n${lines.join(",\n")}\n}\n`);
process.exit(0);
