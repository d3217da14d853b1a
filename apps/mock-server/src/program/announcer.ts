import { printable, type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import type { MockEvent } from "../engine/log/events.js";
import { driftText } from "../engine/log/request-log.js";
import type { LogEntry } from "../engine/log/schemas.js";
import type { Io } from "./usage.js";

export type LogStyle = (typeof logStyles)[number];

export const logStyles = ["pretty", "json", "silent"] as const;

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
export function createAnnouncer(style: LogStyle, io: Pick<Io, "stdout">) {
  const isPretty = style === "pretty";
  const line = (text: string) => io.stdout(`${text}\n`);
  const json = (event: string, details: object = {}) => line(JSON.stringify({ event, ...details }));
  return {
    ready(at: Readiness): void {
      const { url, controlToken, upstream } = at;
      if (style === "json") {
        json("ready", { url, upstream: upstream ?? undefined, controlToken: controlToken ?? undefined });
        return;
      }
      const behind = upstream === null ? "" : ` (forwards requests to ${upstream})`;
      line(`auto-extend-mock ready at ${url}${behind}`);
      if (controlToken !== null) {
        line(`Other machines can reach this mock. Its control API requires this token: ${controlToken}`);
      }
      if (isPretty) line(welcome(at));
    },
    happened(event: MockEvent): void {
      const report = reportOf(event);
      if (report && isPretty) line(report.text);
      else if (report) json(event.type, report.details);
    },
    stopped(): void {
      if (isPretty) line("auto-extend-mock stopped");
      if (style === "json") json("stopped");
    },
  };
}

function reportOf(event: MockEvent): { readonly details: object; readonly text: string } | null {
  switch (event.type) {
    case "request":
      return { details: event.request, text: requestText(event.request) };
    case "clock": {
      const { at, frozen } = event;
      const text = `${timeOf(event)} the clock ${frozen ? "is frozen at" : "is at"} ${at}`;
      return { details: { now: at, frozen }, text };
    }
    case "state": {
      const { account, because } = event;
      const what = account === null ? "the state" : `account ${account}`;
      return { details: { account, because }, text: `${timeOf(event)} ${what} was ${stateWords[because]}` };
    }
    default:
      // A request's own line covers its changes and faults, and renewals may run into thousands.
      return null;
  }
}

const stateWords = { put: "replaced", reset: "reset" } as const;

function timeOf({ at }: { readonly at: string }): string {
  return at.slice(11, 19);
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
  const key = anyKey ? "any-key" : "$AUTO_EXTEND_API_KEY";
  const path = setAutoExtend.path.replace("{apiKey}", key);
  const curl = (request: SetAutoExtendRequest) =>
    `  curl -s "${url}${path}" -H 'content-type: application/json' -d '${JSON.stringify(request)}'`;
  return [
    ...(anyKey
      ? []
      : ["Set AUTO_EXTEND_API_KEY to an API key that this mock accepts, then paste these commands.", ""]),
    `Switch auto-extend on for order ${example.orderIds.join(" ")}:`,
    curl(example),
    "and off again:",
    curl({ ...example, autoExtend: false }),
    "",
  ];
}

/** A request of the log on one line, with a line for each difference from the contract. */
export function requestText(entry: LogEntry): string {
  const { id, method, path, operation, status, account, decided, fault, drift = [] } = entry;
  const what = operation ?? path;
  const who = account === null ? "" : ` (${account})`;
  const code = decided.code === null ? "" : ` error ${decided.code}`;
  const names = fault?.triggers.map(({ name }) => name) ?? [];
  const faults = names.length === 0 ? "" : ` (fault${names.length === 1 ? "" : "s"} ${names.join(", ")})`;
  // A fault that has not decided may have changed the answer to what was decided.
  const decision = names.length === 0 || decided.statement?.startsWith("fault/") ? "" : "; decision";
  return [
    `${timeOf(entry)} ${id} ${method} ${what}${who} ${status ?? "no answer"}${code}${faults}${decision}: ${decided.why}`,
    // It quotes texts of another server.
    ...drift.map((each) => `         drift: ${printable(driftText(each)).replaceAll("\n", " ")}`),
  ].join("\n");
}
