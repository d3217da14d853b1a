import { type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import type { LogStyle } from "./command.js";
import type { LogEntry } from "./engine/request-log.js";
import type { Io } from "./run.js";

/** Tells people, or scripts, what the mock does. */
export interface Announcer {
  ready(at: Readiness): void;
  request(entry: LogEntry): void;
  stopped(): void;
}

/** What there is to know of a mock that has started. */
export interface Readiness {
  readonly url: string;
  /** Whether any API key is known, or only those that somebody chose. */
  readonly anyKey: boolean;
  /** A request that succeeds; `null` where there is no order for one. */
  readonly example: SetAutoExtendRequest | null;
  /** The token of the control API, where it was made up here and so has to be told. */
  readonly controlToken: string | null;
}

/** Makes the announcer of a style. The line that says where the mock is comes first, in every style. */
export function createAnnouncer(style: LogStyle, io: Pick<Io, "stdout">): Announcer {
  if (style === "json") return jsonAnnouncer(io);
  const line = (text: string) => io.stdout(`${text}\n`);
  const pretty = style === "pretty";
  return {
    ready(at) {
      line(`auto-extend-mock ready at ${at.url}`);
      if (at.controlToken !== null) line(`Control token: ${at.controlToken}`);
      if (pretty) line(welcome(at));
    },
    request: (entry) => pretty && line(describe(entry)),
    stopped: () => pretty && line("auto-extend-mock stopped"),
  };
}

function jsonAnnouncer(io: Pick<Io, "stdout">): Announcer {
  const line = (event: string, details: object) => io.stdout(`${JSON.stringify({ event, ...details })}\n`);
  return {
    ready: ({ url, controlToken }) =>
      line("ready", { url, ...(controlToken === null ? {} : { controlToken }) }),
    request: (entry) => line("request", entry),
    stopped: () => line("stopped", {}),
  };
}

/** Lines that work as they are pasted into a shell. */
function welcome({ url, anyKey, example }: Readiness): string {
  const places = `API page: ${url}/docs   State: ${url}/__mock/state   Requests: ${url}/__mock/requests`;
  const lines = example ? pastable(url, anyKey, example) : [];
  return ["", ...lines, places, "Stop with Ctrl-C.", ""].join("\n");
}

function pastable(url: string, anyKey: boolean, example: SetAutoExtendRequest): string[] {
  const { proxyType, orderIds, rentPeriodDays } = example;
  const key = anyKey ? "any-key" : "$AUTO_EXTEND_API_KEY";
  const path = setAutoExtend.path.replace("{apiKey}", key);
  const ids = orderIds.join(" ");
  return [
    ...(anyKey ? [] : ["With one of the API keys that this mock knows in AUTO_EXTEND_API_KEY:", ""]),
    `Switch auto-extend on for order ${ids}:`,
    `  curl -s "${url}${path}" -H 'content-type: application/json' -d '${JSON.stringify(example)}'`,
    "and off again:",
    `  ${anyKey ? `AUTO_EXTEND_API_KEY=${key} ` : ""}npx @auto-extend/cli off --base-url ${url} --type ${proxyType} --days ${rentPeriodDays} ${ids}`,
    "",
  ];
}

function describe({ at, method, path, operation, status, account, decided }: LogEntry): string {
  const what = operation ?? path;
  const who = account === null ? "" : ` (${account})`;
  const code = decided.code === null ? "" : ` error ${decided.code}`;
  return `${at.slice(11, 19)} ${method} ${what}${who} ${status}${code}: ${decided.why}`;
}
