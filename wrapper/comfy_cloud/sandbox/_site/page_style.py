"""How the landing page looks, in light and dark, from a phone's width up."""

from __future__ import annotations

import hashlib
from base64 import b64encode

STYLE = """
:root { color-scheme: light dark; --paper: #f7f7f5; --card: #fff; --ink: #1b1d21; --quiet: #5d636e; --line: #e0e0db;
  --accent: #3a4fd0; --soft: #e9ecfd; --bad: #b3261e; --good: #1a6e3a; --warm: #fff4dc; --warm-line: #e6cf96; }
@media (prefers-color-scheme: dark) { :root { --paper: #141518; --card: #1e2025; --ink: #eceef2; --quiet: #a2a8b4;
  --line: #30333a; --accent: #a3b1ff; --soft: #2a2f4a; --bad: #ff9d94; --good: #7fd8a0; --warm: #332a14;
  --warm-line: #6b5722; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 86rem; padding: 0 1.25rem 3rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip, .hidden { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
header { display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: end; justify-content: space-between;
  padding: 1.5rem 0 1rem; }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -.02em; line-height: 1.2; }
h1 a { color: inherit; } h1 em { font-style: normal; color: var(--accent); }
h2 { margin: 0 0 .6rem; font-size: 1.05rem; }
header p { margin: .2rem 0 0; color: var(--quiet); }
header nav { display: flex; gap: 1.2rem; }
section, aside form { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: 1rem 1.2rem; }
section { margin-top: 1.25rem; }
header + section { margin-top: 0; }
code, pre { font: 13px/1.55 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
.ways { display: grid; grid-template-columns: minmax(12rem, .7fr) minmax(0, 1.6fr) minmax(0, 1.4fr); gap: 1.2rem; }
.ways dl, .ways figure { margin: 0; min-width: 0; }
dt, figcaption, label { color: var(--quiet); font-size: .85rem; }
dd { margin: 0 0 .6rem; overflow-wrap: anywhere; }
dd code, pre code { user-select: all; }
pre { margin: .2rem 0 0; padding: .7rem .9rem; overflow-x: auto; background: var(--paper); border-radius: 8px; }
.columns { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 1.5rem; margin-top: 1.25rem;
  align-items: start; }
aside form { display: grid; gap: .3rem; margin-bottom: 1.25rem; }
input, select, button { font: inherit; width: 100%; padding: .45rem .6rem; border: 1px solid var(--line);
  border-radius: 8px; background: var(--paper); color: var(--ink); }
button { margin-top: .5rem; background: var(--accent); border-color: transparent; color: var(--card); font-weight: 600;
  cursor: pointer; }
ul { list-style: none; margin: 0; padding: 0; }
.facets a { display: flex; justify-content: space-between; gap: .6rem; padding: .2rem .6rem; border-radius: 8px;
  color: inherit; overflow-wrap: anywhere; }
.facets a:hover, .facets a[aria-current] { background: var(--soft); text-decoration: none; }
.facets a[aria-current] { color: var(--accent); font-weight: 600; }
.facets span { color: var(--quiet); font-variant-numeric: tabular-nums; font-weight: 400; }
.quiet { color: var(--quiet); margin: .3rem .6rem; }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; margin: -.2rem 0 .8rem; min-height: 0; }
.chips:empty { display: none; }
.chip { padding: .1rem .7rem; border-radius: 99px; background: var(--soft); overflow-wrap: anywhere; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1rem; }
.grid > li { background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden;
  display: flex; flex-direction: column; }
.picture { position: relative; display: block; aspect-ratio: 1; background: var(--soft); }
.picture img { width: 100%; height: 100%; object-fit: cover; display: block; }
.tile { width: 100%; height: 100%; display: grid; place-items: center; font-size: 1.2rem; font-weight: 700;
  letter-spacing: .02em; color: #fff; background: linear-gradient(145deg, #6a7180, #3f4450); overflow-wrap: anywhere;
  text-align: center; padding: .5rem; }
.video { background: linear-gradient(145deg, #b4487a, #5e2a6e); }
.audio { background: linear-gradient(145deg, #22867c, #164c63); }
.model { background: linear-gradient(145deg, #c26a2c, #7b3322); }
.text { background: linear-gradient(145deg, #6b7a3a, #3c4b2a); }
.public { position: absolute; right: .5rem; top: .5rem; padding: 0 .5rem; border-radius: 99px; font-size: .75rem;
  background: var(--card); color: var(--quiet); }
.grid h3 { margin: .55rem .7rem 0; font-size: .8rem; font-weight: 600; line-height: 1.4; overflow: hidden;
  overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.grid h3 a { color: inherit; } .grid h3 i { color: var(--quiet); font-weight: 400; }
.grid p { margin: .1rem .7rem .4rem; color: var(--quiet); font-size: .8rem; }
.tags { display: flex; flex-wrap: wrap; gap: .25rem; padding: 0 .6rem .7rem; margin-top: auto; }
.tags li { font-size: .75rem; line-height: 1.5; color: var(--quiet); max-width: 100%; }
.tags a { display: block; padding: 0 .5rem; border-radius: 99px; background: var(--soft); overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
.nothing { padding: 3rem 1rem; text-align: center; color: var(--quiet); border: 1px dashed var(--line);
  border-radius: 12px; }
.pages { display: flex; flex-wrap: wrap; gap: 1.2rem; justify-content: center; margin-top: 1.25rem; }
.pages span { color: var(--quiet); }
.faults { background: var(--warm); border-color: var(--warm-line); }
.faults ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 44rem; }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-top: 1px solid var(--line); vertical-align: top; }
th { border: 0; color: var(--quiet); font-size: .85rem; font-weight: 400; }
td code { overflow-wrap: anywhere; }
td.number { font-variant-numeric: tabular-nums; }
td.bad { color: var(--bad); font-weight: 600; } td.good { color: var(--good); }
@media (max-width: 62rem) { .ways { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 46rem) { .columns { grid-template-columns: minmax(0, 1fr); }
  .facets { display: flex; flex-wrap: wrap; } .grid { grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); }
  body { padding: 0 .8rem 2rem; } }
"""
"""The style sheet. It is part of the page, and allowed there by its hash."""

STYLE_HASH = f"sha256-{b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}"
"""What a Content-Security-Policy calls this style sheet."""
