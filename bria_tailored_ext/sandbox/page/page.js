"use strict";
// Asks for the overview each second, and redraws the sections that have changed.
// Whatever users have written goes in as text, never as markup.

const EVERY_MS = 1000;
const shown = new Map();

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

const span = (kind, text) => h("span", { class: kind }, String(text));

const money = (amount) => "$" + amount.toFixed(2);

function mood(word) {
  const plain = String(word).toLowerCase();
  if (["completed", "active"].includes(plain)) return "good";
  if (["failed", "error", "unknown", "stopped"].includes(plain)) return "bad";
  return ["created", "draft", "empty"].includes(plain) ? "quiet" : "busy";
}

const word = (text) => span("word " + mood(text), text);

function row(title, details, ...end) {
  const grow = h("div", { class: "grow" }, span("", title), ...[].concat(details));
  return h("div", { class: "row" }, grow, ...end);
}

function project(each) {
  const told = `${each.ip_medium} · ${each.ip_type}`;
  return row(each.name, span("quiet", `${each.id} · ${told}`));
}

function dataset(each) {
  const thumbs = h("div", { class: "thumbs" });
  for (const url of each.thumbnails) thumbs.append(h("img", { src: url + "?page", alt: "", loading: "lazy" }));
  const told = `${each.id} · ${each.images} images · captions ${each.captions}`;
  return row(each.name, [span("quiet", told), thumbs], word(each.status));
}

function model(each) {
  const told = `${each.id} · ${each.training_mode}` + (each.dataset ? ` · dataset ${each.dataset}` : "");
  const details = [span("quiet", told)];
  if (each.progress !== null) {
    details.push(h("progress", { value: each.progress, max: 1, "aria-label": "training" }));
  }
  return row(each.name, details, word(each.status));
}

function job(each) {
  const picture = h("div", { class: "picture" });
  if (each.image) {
    const image = h("img", { src: each.image + "?page", alt: each.prompt || each.kind, loading: "lazy" });
    picture.append(h("a", { href: each.image }, image));
  } else if (each.video) {
    picture.append(h("a", { href: each.video }, "▶ film"));
  } else {
    picture.append(word(each.status));
  }
  const title = each.prompt || each.kind;
  const told = h("p", { class: "quiet" }, `${each.kind} · model ${each.model}`);
  return h("div", { class: "card" }, picture, h("p", { title }, title), told);
}

function request(each) {
  const kind = each.status < 400 ? "good" : "bad";
  const told = `${each.time} · ${each.milliseconds.toFixed(1)} ms`;
  return row(`${each.method} ${each.path}`, span("quiet", told), span("word " + kind, each.status));
}

function call(each) {
  const told = each.request_id + (each.model ? ` · model ${each.model}` : "");
  return row(each.operation, span("quiet code", told), span("money", money(each.price)));
}

const DRAWN = { projects: project, datasets: dataset, models: model, jobs: job, requests: request, books: call };
const NOTHING = {
  projects: "No projects yet.", datasets: "No datasets yet.", models: "No models yet.",
  jobs: "No jobs yet.", requests: "No requests yet.", books: "Nothing was billed so far.",
};

function draw(name, told) {
  const text = JSON.stringify(told);
  if (shown.get(name) === text) return;
  shown.set(name, text);
  const section = document.getElementById(name);
  const heading = section.querySelector("h2");
  heading.querySelector("small")?.remove();
  heading.append(h("small", {}, name === "books" ? `${told.count} calls, ${money(told.total)}` : told.count));
  const list = h("div", { class: name === "jobs" ? "cards" : "rows" }, ...told.latest.map(DRAWN[name]));
  section.replaceChildren(heading, told.count ? list : h("p", { class: "none" }, NOTHING[name]));
}

function drawFacts(told) {
  const speed = told.speed === 0 ? "stands still" : told.speed === 1 ? "as fast as real time" : `${told.speed} times as fast`;
  const facts = [["Simulated time", told.time], ["It passes", speed], ["Would have cost", money(told.books.total)]];
  document.getElementById("facts").replaceChildren(
    ...facts.map(([name, fact]) => h("div", {}, h("dt", {}, name), h("dd", {}, fact))),
  );
}

async function look() {
  try {
    const answer = await fetch("/sandbox/overview", { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    drawFacts(told);
    for (const name of Object.keys(DRAWN)) draw(name, told[name]);
    document.getElementById("lost").hidden = true;
  } catch {
    document.getElementById("lost").hidden = false;
  }
  setTimeout(look, EVERY_MS);
}

look();
