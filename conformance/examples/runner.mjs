// A runner in plain JavaScript, for Node 18 or later: the families `requests` and `responses`, in so many lines.
//
//   python -m comfy_cloud.conformance --runner "node runner.mjs"
//
// The client it checks is the few functions in the middle; a runner for a real client imports that instead.

import { createInterface } from "node:readline";

const OPERATIONS = {
  listAssets: { path: "/api/assets", items: "assets", largest: 500 },
  listTags: { path: "/api/tags", items: "tags", largest: 1000 },
};
const isFlag = (value) => typeof value === "boolean";
const isText = (value) => typeof value === "string";
const TYPES = {
  include_tags: Array.isArray, exclude_tags: Array.isArray, limit: Number.isInteger, offset: Number.isInteger,
  include_public: isFlag, include_zero: isFlag,
};
const KINDS = {
  400: "bad_request", 401: "authentication", 403: "permission_denied", 404: "not_found", 409: "conflict",
  410: "not_found", 412: "conflict", 422: "bad_request", 429: "rate_limit",
};
const TIMES = ["created_at", "updated_at", "last_access_time"];

// The client.

const encoded = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function query(given) {
  const parts = Object.entries(given).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return parts.map(([name, value]) => `${name}=${[value].flat().map((item) => encoded(String(item))).join(",")}`).join("&");
}

async function call({ base_url, api_key, operation, arguments: given = {} }) {
  const { path, largest } = OPERATIONS[operation];
  if (Object.entries(given).some(([name, value]) => !(TYPES[name] ?? isText)(value))) return { refused: "argument" };
  if (given.limit < 1 || given.limit > largest || given.offset < 0) return { refused: "argument" };
  const asked = query(given);
  const headers = api_key === null ? {} : { "X-API-Key": api_key };
  const response = await fetch(`${base_url.replace(/\/$/, "")}${path}${asked && "?"}${asked}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function listing(body, items, base) {
  const page = body ?? {};
  if (!Array.isArray(page[items]) || !Number.isInteger(page.total) || typeof page.has_more !== "boolean") throw new Error("shape");
  for (const item of page[items]) {
    for (const name of TIMES) if (item?.[name]) item[name] = inUtc(item[name]);
    if (item?.preview_url) item.preview_url = new URL(item.preview_url, base).href;
  }
  return page;
}

const inUtc = (time) => (/(Z|[+-]\d\d:\d\d)$/i.test(time) ? time : `${time}Z`);

function failure({ status, headers, text }) {
  let body = {};
  try { body = JSON.parse(text) ?? {}; } catch { body = { message: text.trim().replace(/\s+/g, " ") }; }
  const told = typeof body.error === "object" ? body.error : { message: body.error, ...body };
  const kind = KINDS[status] ?? (status >= 500 ? "server" : "status");
  const wait = headers.get("retry-after");
  return { kind, status, code: String(told.code ?? told.error_code ?? ""), message: told.message ?? "",
           details: told.details ?? null, retry_after: /^\d+$/.test(wait ?? "") ? Number(wait) : null };
}

// The runner.

async function answer({ family, input }) {
  if (family !== "requests" && family !== "responses") return { unsupported: `this runner does not do ${family}` };
  const got = await call(input);
  if (family === "requests") return got.refused ? got : {};
  if (got.status >= 400) return { error: failure(got) };
  try {
    return { value: listing(JSON.parse(got.text), OPERATIONS[input.operation].items, input.base_url) };
  } catch {
    return { error: { kind: "decode", status: got.status } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch((error) => ({ unsupported: `it threw ${error}` }));
  console.log(JSON.stringify(said));
}
