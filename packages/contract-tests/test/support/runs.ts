import type { RequestListener } from "node:http";
import { runServerCases, type ServerCaseResult, type ServerTarget } from "../../src/index.js";
import { type ReferenceServer, startReferenceServer } from "./reference-server.js";

/** A key that no report may show. */
export const apiKey = "a-key-to-look-for-0x7f";
/** The case that {@link runAgainst} runs. */
export const failing = "setAutoExtend/rule/proxy-type/unknown";

/** The failure of a switch, without its error. */
export const failure = {
  success: false,
  proxyType: null,
  rentPeriodDays: 0,
  quantity: 0,
  ipAddressIds: [],
  balance: 5,
  currency: "USD",
};

/** Runs one case against a server that answers POST requests in its own way. */
export async function runAgainst(post: RequestListener, target: Partial<ServerTarget> = {}) {
  const broken = await startReferenceServer(
    (listener) => (request, response) =>
      request.method === "POST" ? post(request, response) : listener(request, response),
  );
  try {
    return await runServerCases({ baseUrl: broken.url, apiKey, only: failing, rereadDelayMs: 0, ...target });
  } finally {
    await broken.close();
  }
}

/** A request as it left for the server. */
export interface Sent {
  readonly method: string;
  /** The path without its query. */
  readonly path: string;
  readonly body: string;
}

/** A target that seems to be another machine, and is the reference server. */
export function abroad(
  server: ReferenceServer,
  { onRequest, ...target }: Partial<ServerTarget> & { onRequest?: (sent: Sent) => void } = {},
): ServerTarget {
  return {
    baseUrl: "https://provider.test",
    apiKey,
    ...target,
    fetch(input, init) {
      const body = init?.body instanceof Uint8Array ? new TextDecoder().decode(init.body) : "";
      const { pathname, search } = new URL(String(input));
      onRequest?.({ method: init?.method ?? "GET", path: pathname, body });
      return fetch(server.url + pathname + search, init);
    },
  };
}

/** The result of one case in a report. */
export function resultOf({ cases }: { cases: readonly ServerCaseResult[] }, id: string): ServerCaseResult {
  const result = cases.find((candidate) => candidate.id === id);
  if (!result) throw new RangeError(`There is no case ${id}.`);
  return result;
}

/** Whether a request asks a server to switch something. */
export function isSwitch({ path }: Sent): boolean {
  return /\/extend\/(order\/)?auto$/.test(path);
}

/** All texts in a report, names of fields included. */
export function textsIn(report: unknown): string[] {
  const texts: string[] = [];
  JSON.parse(JSON.stringify(report), (name, value) => {
    texts.push(name, String(value));
    return value;
  });
  return texts;
}
