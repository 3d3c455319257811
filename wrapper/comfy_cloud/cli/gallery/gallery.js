
"use strict";
// Everything shown is in the page already, as text; this only hides, orders and copies it. Nothing is made from markup.
// While the page is being read, its cards are not laid out: each piece of it would move all that came before.
document.documentElement.classList.add("js", "reading");
document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.classList.remove("reading");
  const at = (id) => document.getElementById(id);
  const [grid, text, order, count, clear, viewer] = ["grid", "text", "order", "count", "clear", "viewer"].map(at);
  const fold = (string) => string.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // By place, as a browser takes ten times as long to find ten thousand cards' parts by selectors.
  const cards = [...grid.children].map((node, place) => {
    const [, heading, facts, ...more] = node.children;
    const link = heading.firstElementChild;
    const [size, created] = facts.children;
    const tags = more.length > 1 ? [...more[0].children] : [];
    const type = more[more.length - 1].querySelector("[data-type]");
    return {
      node, link, place,
      tags: new Set(tags.map((tag) => tag.dataset.t)),
      name: link.textContent,
      words: fold([link, type, ...tags].map((one) => (one ? one.textContent : "")).join("\n")),
      size: Number(size.value),
      created: created.dateTime,
    };
  });
  const byLink = new Map(cards.map((card) => [card.link, card]));
  const facets = [...document.querySelectorAll("#facets input")];
  const tallies = facets.map((facet) => facet.parentNode.querySelector("span"));
  const number = (value) => value.toLocaleString("en-US");
  let shown = cards;
  let current = null; // the card that the Tab key leads to
  let viewed = null; // the one that is open

  // Only one of the facets, and one of the cards, is a stop of the Tab key; arrows lead to the others.
  const stop = (facet) => {
    for (const one of facets) one.tabIndex = one === facet ? 0 : -1;
  };
  const enter = (card) => {
    if (!card) return;
    if (current && current !== card) current.link.tabIndex = -1;
    current = card;
    card.link.tabIndex = 0;
  };
  const go = (card) => {
    if (!card) return;
    enter(card);
    card.link.focus();
    card.node.scrollIntoView({ block: "nearest" });
  };

  const orders = {
    listed: (a, b) => a.place - b.place,
    newest: (a, b) => (a.created < b.created) - (a.created > b.created) || a.place - b.place,
    oldest: (a, b) => (a.created > b.created) - (a.created < b.created) || a.place - b.place,
    name: (a, b) => collator.compare(a.name, b.name) || a.place - b.place,
    largest: (a, b) => b.size - a.size || a.place - b.place,
  };
  const collator = new Intl.Collator(undefined, { numeric: true });
  const sort = () => {
    cards.sort(orders[order.value] || orders.listed);
    const all = document.createDocumentFragment();
    for (const card of cards) all.append(card.node);
    grid.append(all);
    apply();
  };

  const apply = () => {
    const words = fold(text.value).split(/\s+/).filter(Boolean);
    const chosen = facets.filter((facet) => facet.checked).map((facet) => facet.value);
    const found = new Map();
    shown = cards.filter((card) => {
      const fits = chosen.every((tag) => card.tags.has(tag)) && words.every((word) => card.words.includes(word));
      if (card.node.hidden === fits) card.node.hidden = !fits;
      if (fits) for (const tag of card.tags) found.set(tag, (found.get(tag) || 0) + 1);
      return fits;
    });
    facets.forEach((facet, index) => {
      const times = found.get(facet.value) || 0;
      tallies[index].textContent = number(times);
      facet.parentNode.classList.toggle("none", !times);
    });
    for (const tag of document.querySelectorAll(".tags .chosen")) tag.classList.remove("chosen");
    for (const value of chosen) {
      for (const tag of grid.querySelectorAll(`.tags [data-t="${value}"]`)) tag.classList.add("chosen");
    }
    const filtered = chosen.length > 0 || words.length > 0;
    const all = `${number(cards.length)} asset${cards.length === 1 ? "" : "s"}`;
    count.textContent = filtered ? `${number(shown.length)} of ${all}` : all;
    at("told").textContent = filtered ? count.textContent : "";
    clear.hidden = !filtered;
    at("nothing").hidden = shown.length > 0 || cards.length === 0;
    if (!current || current.node.hidden || !grid.contains(document.activeElement)) enter(shown[0]);
  };
  const reset = () => {
    text.value = "";
    for (const facet of facets) facet.checked = false;
    apply();
  };

  const columns = () => getComputedStyle(grid).gridTemplateColumns.split(" ").length;
  const step = (list, now, key, across) => {
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across };
    if (key === "Home") return list[0];
    if (key === "End") return list[list.length - 1];
    return key in moves ? list[list.indexOf(now) + moves[key]] || now : undefined;
  };

  const open = (card) => {
    viewed = card;
    const picture = card.node.querySelector(".picture").firstElementChild.cloneNode(true);
    if (picture.tagName === "IMG") picture.alt = `Preview of ${card.name}`;
    at("stage").replaceChildren(picture);
    at("viewer-name").replaceChildren(...[...card.link.childNodes].map((node) => node.cloneNode(true)));
    at("viewer-facts").replaceChildren(
      ...[".tags", "dl"].map((part) => card.node.querySelector(part)).filter(Boolean).map((node) => node.cloneNode(true)),
    );
    const place = shown.indexOf(card);
    at("viewer-place").textContent = `${number(place + 1)} of ${number(shown.length)}`;
    at("back").disabled = place <= 0;
    at("on").disabled = place >= shown.length - 1;
    if (!viewer.open) viewer.showModal();
    at("viewer-name").focus();
  };
  const turn = (by) => {
    const next = shown[shown.indexOf(viewed) + by];
    if (next) open(next);
  };

  grid.addEventListener("click", (event) => {
    const tag = event.target.closest(".tags li");
    const link = event.target.closest("h3 a");
    if (tag) choose(tag);
    else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(byLink.get(link));
    }
  });
  const choose = (tag) => {
    const facet = facets.find((one) => one.value === tag.dataset.t);
    if (facet) facet.checked = !facet.checked;
    else text.value = tag.textContent;
    apply();
  };
  grid.addEventListener("focusin", (event) => enter(byLink.get(event.target)));
  grid.addEventListener("keydown", (event) => {
    const card = byLink.get(event.target);
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = step(shown, card, event.key, columns());
    if (event.key === "Escape") text.focus();
    else if (next) go(next);
    else return;
    event.preventDefault();
  });

  const list = at("facets");
  list.addEventListener("change", apply);
  list.addEventListener("focusin", (event) => stop(event.target));
  list.addEventListener("keydown", (event) => {
    const facet = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = step(facets, facet, event.key, 1);
    if (event.key === "Enter") facet.click();
    else if (event.key === "Escape" && facets.some((one) => one.checked)) {
      for (const one of facets) one.checked = false;
      apply();
    } else if (event.key === "Escape") text.focus();
    else if (next) next.focus();
    else return;
    event.preventDefault();
  });

  let frame = 0;
  text.addEventListener("input", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(apply);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      apply();
      go(shown[0]);
    } else if (event.key === "Escape") reset();
    else return;
    event.preventDefault();
  });
  at("search").addEventListener("submit", (event) => event.preventDefault());
  order.addEventListener("change", sort);
  clear.addEventListener("click", () => {
    reset();
    text.focus();
  });
  document.addEventListener("keydown", (event) => {
    const typing = viewer.open || event.target.closest("input[type=search], select");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    text.focus();
    text.select();
  });

  at("back").addEventListener("click", () => turn(-1));
  at("on").addEventListener("click", () => turn(1));
  at("close").addEventListener("click", () => viewer.close());
  viewer.addEventListener("click", (event) => {
    if (event.target === viewer) viewer.close();
  });
  viewer.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    turn(by);
  });
  viewer.addEventListener("close", () => go(viewed)); // the browser goes to the one that was opened first

  for (const facet of facets) facet.disabled = false;
  stop(facets[0]);
  for (const card of cards) card.link.tabIndex = -1;
  if (order.value !== "listed") sort();
  else apply();
  const wanted = location.hash && cards.find((card) => card.link.hash === location.hash);
  if (wanted) open(wanted);
});
