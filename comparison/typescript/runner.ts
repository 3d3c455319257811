// A runner of the vectors for the client that @hey-api/openapi-ts generates: the families `requests` and `responses`.
//
// It translates and mends nothing: what the generated client gives is told in the words of the vectors. Where the client
// is silent, so is the runner.

import { createInterface } from "node:readline";
import { ZodError } from "zod";
import { createClient, createConfig } from "./client/client/index.js";
import { listAssets, listTags } from "./client/index.js";
import type { ListAssetsData, ListTagsData } from "./client/index.js";

// Times without an offset are in UTC. A machine whose own time is UTC would hide a client that takes them for local ones.
process.env.TZ = "Asia/Kolkata";

type Arguments = NonNullable<ListAssetsData["query"]> & NonNullable<ListTagsData["query"]>;

type Task = {
  family: string;
  input: { base_url: string; api_key: string | null; operation: string; arguments?: Arguments };
};

const KINDS: Record<number, string> = {
  400: "bad_request", 401: "authentication", 403: "permission_denied", 404: "not_found", 409: "conflict",
  410: "not_found", 412: "conflict", 422: "bad_request", 429: "rate_limit",
};

/** What a call came to: what the generated function gave or threw, and the response that it showed an interceptor. */
type Outcome = { given?: { data?: unknown; error?: unknown }; thrown?: unknown; response?: Response };

async function called({ base_url, api_key, operation, arguments: query }: Task["input"]): Promise<Outcome> {
  const outcome: Outcome = {};
  const client = createClient(createConfig({ baseUrl: base_url, auth: api_key ?? undefined }));
  client.interceptors.response.use((response) => (outcome.response = response));
  try {
    outcome.given = await (operation === "listAssets" ? listAssets({ client, query }) : listTags({ client, query }));
  } catch (thrown) {
    outcome.thrown = thrown;
  }
  return outcome;
}

function request({ thrown, response }: Outcome): object {
  if (thrown instanceof ZodError && !response) return { refused: "argument" };
  return response ? {} : { unsupported: `it threw ${thrown}` };
}

function answered({ given, thrown, response }: Outcome): object {
  if (!response) return { error: { kind: "connection" } };
  if (thrown !== undefined) return { error: { kind: "decode", status: response.status } };
  return response.ok ? { value: given?.data } : { error: failure(given?.error, response.status) };
}

/** The generated type of an error has a code and a message; the kind is only the name of its status. */
function failure(error: unknown, status: number): object {
  const { code = "", message = "" } = (error ?? {}) as { code?: unknown; message?: unknown };
  return { kind: KINDS[status] ?? (status >= 500 ? "server" : "status"), status, code, message };
}

/** JSON of what a client gave. It makes BigInts of some integers, which JSON.stringify refuses. */
function printed(value: object): string {
  const marked = JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `bigint:${item}` : item));
  return marked.replace(/"bigint:(-?\d+)"/g, "$1");
}

for await (const line of createInterface({ input: process.stdin })) {
  const { family, input } = JSON.parse(line) as Task;
  const does = { requests: request, responses: answered }[family];
  console.log(printed(does ? does(await called(input)) : { unsupported: `this runner does not do ${family}` }));
}
