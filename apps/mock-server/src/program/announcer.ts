import { printable, type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import type { MockEvent } from "../engine/log/events.js";
import { driftText } from "../engine/log/request-log.js";
import type { LogEntry } from "../engine/log/schemas.js";
import type { Io } from "./usage.js";

export type LogStyle = (typeof logStyles)[number];

export const logStyles = ["pretty", "json", "silent"] as const;

export interface Announcer {
  ready(at: Readiness): void;
  happened(event: MockEvent): void;
  stopped(): void;
}

export interface Readiness {
  readonly url: string;
  /** Whether any API key works, or only chosen ones. */
  readonly anyKey: boolean;
  /** A request that succeeds; `null` if the world has no order for one. */
  readonly example: SetAutoExtendRequest | null;
  /** The token of the control API, if it was generated and nobody knows it yet. */
  readonly controlToken: string | null;
  /** The host that requests are forwarded to; `null` if the mock answers by itself. */
  readonly upstream: string | null;
}

/** Creates the announcer of a style. In every style the first line says where the mock is. */
export function createAnnouncer(style: LogStyle, io: Pick<Io, "stdout">): Announcer {
  if (style === "json") return jsonAnnouncer(io);
  const line = (text: string) => io.stdout(`${text}\n`);
  const pretty = style === "pretty";
  return {
    ready(at) {
      const behind = at.upstream === null ? "" : ` (forwards requests to ${at.upstream})`;
      line(`auto-extend-mock ready at ${at.url}${behind}`);
      if (at.controlToken !== null) line(`Control token: ${at.controlToken}`);
      if (pretty) line(welcome(at));
    },
    happened(event) {
      if (!pretty) return;
      if (event.type === "request") line(requestText(event.request));
      // A request's own line covers its changes and faults, and renewals may run into thousands.
      else if (event.type === "clock" || event.type === "state") line(stateEventText(event));
    },
    stopped: () => pretty && line("auto-extend-mock stopped"),
  };
}

function jsonAnnouncer(io: Pick<Io, "stdout">): Announcer {
  const line = (event: string, details: object) => io.stdout(`${JSON.stringify({ event, ...details })}\n`);
  return {
    ready: ({ url, controlToken, upstream }) =>
      line("ready", {
        url,
        ...(upstream === null ? {} : { upstream }),
        ...(controlToken === null ? {} : { controlToken }),
      }),
    happened(event) {
      if (event.type === "request") line("request", event.request);
      if (event.type === "clock") line("clock", { now: event.at, frozen: event.frozen });
      if (event.type === "state") line("state", { account: event.account, because: event.because });
    },
    stopped: () => line("stopped", {}),
  };
}

/** Lines that work when they are pasted into a shell. */
function welcome({ url, anyKey, example, upstream }: Readiness): string {
  const lines = example ? commandsToPaste(url, anyKey, example) : [];
  return [
    "",
    ...lines,
    ...(upstream === null ? [] : [`Requests are carried out at ${upstream}.`, ""]),
    `Dashboard: ${url}/`,
    `API page:  ${url}/docs`,
    "Stop with Ctrl-C.",
    "",
  ].join("\n");
}

function commandsToPaste(url: string, anyKey: boolean, example: SetAutoExtendRequest): string[] {
  const { proxyType, orderIds, rentPeriodDays } = example;
  const key = anyKey ? "any-key" : "$AUTO_EXTEND_API_KEY";
  const path = setAutoExtend.path.replace("{apiKey}", key);
  const ids = orderIds.join(" ");
  return [
    ...(anyKey
      ? []
      : ["Set AUTO_EXTEND_API_KEY to an API key that this mock accepts, then paste these commands.", ""]),
    `Switch auto-extend on for order ${ids}:`,
    `  curl -s "${url}${path}" -H 'content-type: application/json' -d '${JSON.stringify(example)}'`,
    "and off again:",
    `  ${anyKey ? `AUTO_EXTEND_API_KEY=${key} ` : ""}npx @auto-extend/cli off --base-url ${url} --type ${proxyType} --days ${rentPeriodDays} ${ids}`,
    "",
  ];
}

/** A request of the log on one line, with a line for each difference from the contract. */
export function requestText(entry: LogEntry): string {
  const { id, at, method, path, operation, status, account, decided, fault, drift = [] } = entry;
  const what = operation ?? path;
  const who = account === null ? "" : ` (${account})`;
  const code = decided.code === null ? "" : ` error ${decided.code}`;
  const faults = fault ? ` [${fault.triggers.map(({ name }) => name).join(", ")}]` : "";
  return [
    `${at.slice(11, 19)} ${id} ${method} ${what}${who} ${status ?? "no answer"}${code}: ${decided.why}${faults}`,
    // It quotes texts of another server.
    ...drift.map((each) => `         drift: ${printable(driftText(each)).replaceAll("\n", " ")}`),
  ].join("\n");
}

const stateWords = { put: "replaced", reset: "reset", restored: "partly restored" } as const;

function stateEventText(event: Extract<MockEvent, { type: "clock" | "state" }>): string {
  const time = event.at.slice(11, 19);
  if (event.type === "clock") {
    return `${time} the clock ${event.frozen ? "is frozen at" : "is at"} ${event.at}`;
  }
  const what = event.account === null ? "the state" : `account ${event.account}`;
  return `${time} ${what} was ${stateWords[event.because]}`;
}
