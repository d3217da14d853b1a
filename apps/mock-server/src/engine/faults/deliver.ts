import { hasNullBody, withHeaders } from "../../lib/headers.js";
import type { EngineReply } from "../engine.js";
import type { Envelope } from "../outcome.js";
import type { Fault } from "./fault.js";
import type { Plan } from "./plan.js";
import { tooMany } from "./presets.js";

/** How a carrier is to send an answer that is not simply sent. */
export interface Delivery {
  /** How long to wait before anything is sent, in milliseconds. */
  readonly delay: number;
  /** Whether to compress the body, or only to say so. */
  readonly gzip: "whole" | "broken" | null;
  readonly ending: Ending;
}

/** How an answer ends. */
export type Ending =
  | { readonly how: "whole" }
  | { readonly how: "reset" | "close" | "hang"; readonly at: "before" | "middle" | "after" }
  | { readonly how: "drip"; readonly bytes: number; readonly everyMs: number };

/** The envelope that leaves in place of the one that the rules came to. */
export function alteredEnvelope(envelope: Envelope, sent: unknown, { answer }: Fault): unknown {
  if (!answer) return envelope;
  if (answer.body !== undefined) return answer.body;
  const { merge = {}, copy = {}, drop = [], of = "success" } = answer;
  if (of !== "both" && (of === "success") !== envelope.success) return envelope;
  const request = (typeof sent === "object" ? sent : null) as Readonly<Record<string, unknown>> | null;
  const copied = Object.entries(copy).map(([name, field]) => [name, request?.[field]]);
  const fields = Object.entries({ ...envelope, ...merge, ...Object.fromEntries(copied) });
  return Object.fromEntries(fields.filter(([name]) => !drop.includes(name)));
}

/**
 * What the plan makes of a reply.
 *
 * @param now the moment by the mock's clock, in milliseconds since 1970.
 */
export function delivered(
  reply: EngineReply,
  { fault, delay, isRateLimited: isOver }: Plan,
  now: number,
): EngineReply {
  // Whoever is over a limit is turned away at once.
  if (isOver) return withHttp({ ...reply, headers: [] }, tooMany(fault.limit?.retryAfter ?? 1), now);
  const { http, cut } = fault;
  const answered = http ? withHttp(reply, http, now) : reply;
  const { body } = answered;
  return {
    ...answered,
    body: cut?.how === "truncate" ? body.slice(0, Math.floor(body.length / 2)) : body,
    delivery: {
      delay,
      gzip: hasNullBody(answered.status) ? null : (http?.gzip ?? null),
      ending: endingOf(cut),
    },
  };
}

function withHttp(reply: EngineReply, http: NonNullable<Fault["http"]>, now: number): EngineReply {
  const status = http.status ?? reply.status;
  return {
    ...reply,
    status,
    headers: withHeaders(reply.headers, { ...http.headers, ...retryAfter(http, now) }),
    body: hasNullBody(status) ? "" : (http.body ?? reply.body),
  };
}

function endingOf(cut: Fault["cut"]): Ending {
  switch (cut?.how) {
    case "reset":
    case "close":
    case "hang":
      return { how: cut.how, at: cut.at ?? "before" };
    case "drip":
      return { how: "drip", bytes: cut.bytes ?? 16, everyMs: cut.everyMs ?? 20 };
    default:
      return { how: "whole" };
  }
}

function retryAfter(http: NonNullable<Fault["http"]>, now: number): Record<string, string> {
  if (http.retryAfter === undefined) return {};
  // A date has no parts of a second, and nobody is to come back too early.
  const date = new Date(Math.ceil(now / 1_000 + http.retryAfter) * 1_000).toUTCString();
  return { "retry-after": http.retryAfterDate ? date : String(http.retryAfter) };
}

/** What is delivered, for people; an empty text where it is the plain answer. */
export function deliveryText({ status, delivery: manner }: EngineReply, usual: number): string {
  const { delay = 0, gzip = null, ending = { how: "whole" } } = manner ?? {};
  return [
    ...(delay > 0 ? [`after ${Math.round(delay)} ms`] : []),
    ...(status === usual ? [] : [`HTTP ${status}`]),
    ...(gzip === null ? [] : [gzip === "whole" ? "compressed" : "said to be compressed"]),
    ...endingText(ending),
  ].join(", ");
}

function endingText(ending: Ending): string[] {
  switch (ending.how) {
    case "whole":
      return [];
    case "drip":
      return [`${ending.bytes} bytes every ${ending.everyMs} ms`];
    case "hang":
      return [`then nothing more ${places[ending.at]}`];
    default:
      return [`the connection ${ending.how === "reset" ? "reset" : "closed"} ${places[ending.at]}`];
  }
}

const places = {
  before: "before the answer",
  middle: "in the middle of the answer",
  after: "after the answer",
};

/** Whether anything of an answer leaves. */
export function isSent({ delivery: manner }: EngineReply): boolean {
  const ending = manner?.ending;
  return ending === undefined || !("at" in ending) || ending.at !== "before";
}
