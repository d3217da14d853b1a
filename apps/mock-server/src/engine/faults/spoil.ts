import { formatPath, proxyTypes } from "@auto-extend/core";
import { fieldsOf, isObject } from "../../lib/fits.js";
import { hasNullBody, withHeaders } from "../../lib/headers.js";
import type { Json } from "../../lib/schemas.js";
import type { AlteredField } from "../log/schemas.js";
import type { Answer, AnswerChange, Delivery, Ending, Envelope, Plan } from "../types.js";
import type { Fault } from "./fault.js";

/** Applies faults to envelopes and to finished answers. */

/**
 * Makes the changes of a plan, one after the other, to an envelope, or to `null` in place of an answer without one. Except for
 * `merge`, they change only fields that are there.
 */
export function alteredEnvelope(
  envelope: Envelope | null,
  sent: unknown,
  changes: readonly Pick<AnswerChange, "answer">[],
): unknown {
  let answered: unknown = envelope;
  for (const { answer } of changes) {
    const { body, of = "success", merge, drop = [], drift } = answer;
    const isMeant = envelope && (of === "both" || (of === "success") === envelope.success);
    if (body !== undefined) answered = body;
    else if (isMeant && isObject(answered)) {
      const merged = { ...answered, ...merge };
      const drifted = drift ? drifts[drift](merged, sent) : merged;
      answered = Object.fromEntries(Object.entries(drifted).filter(([name]) => !drop.includes(name)));
    }
  }
  return answered;
}

const maxAltered = 50;

/** The first fields of an answer that faults changed, as JSON; empty for none. Both must be what the log may retain. */
export function alteredFields(usual: Json, altered: Json): string {
  const found: AlteredField[] = [];
  compare([], usual, altered);
  return found.length > 0 ? JSON.stringify(found.slice(0, maxAltered)) : "";

  function compare(path: readonly (string | number)[], before?: Json, after?: Json): void {
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
      for (const [index, each] of before.entries()) compare([...path, index], each, after[index]);
    } else if (isObject(before) && isObject(after)) {
      for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
        compare([...path, name], before[name], after[name]);
    } else if (before !== after) {
      found.push({ path: formatPath(path), ...(before !== undefined && { usual: before }) });
    }
  }
}

export type DriftName = NonNullable<NonNullable<Fault["answer"]>["drift"]>;

type Fields = Readonly<Record<string, unknown>>;

const drifts: Readonly<Record<DriftName, (answer: Fields, sent: unknown) => object>> = {
  orderids(answer, sent) {
    const { orderIds } = fieldsOf(sent);
    const { ipAddressIds, ...others } = answer;
    return orderIds === undefined || ipAddressIds === undefined ? answer : { ...others, orderIds };
  },
  "number-strings": (answer) => withEach(answer, (_, value) => numberAsText(value)),
  quantity: (answer) => ("ipAddressIds" in answer ? { ...answer, ipAddressIds: [] } : answer),
  "proxy-type": (answer) =>
    withEach(answer, (name, value) => (name === "proxyType" ? nextType(value) : value)),
  "error-text": (answer) => withError(answer, ({ message }) => message),
  "error-code": (answer) => withError(answer, (error) => ({ ...error, code: numberAsText(error.code) })),
  "error-null": (answer) => withError(answer, () => null),
};

/** Copies an answer and changes each value in it, however deep. */
function withEach(answer: Fields, change: (name: string, value: unknown) => unknown): object {
  return JSON.parse(JSON.stringify(answer), change);
}

function numberAsText(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}

function nextType(value: unknown): unknown {
  const types: readonly unknown[] = proxyTypes;
  const place = types.indexOf(value);
  return place === -1 ? value : types[(place + 1) % types.length];
}

function withError(answer: Fields, change: (error: Fields) => unknown): object {
  const { error } = answer;
  return isObject(error) ? { ...answer, error: change(error) } : answer;
}

export type DeliveredAnswer = Answer & { readonly delivery?: Delivery | undefined };

/** Applies the faults of a plan to an answer. `now` is by the mock's clock, in milliseconds since 1970. */
export function spoil(answer: Answer, { fault, delay, isRateLimited }: Plan, now: number): DeliveredAnswer {
  // A request over a limit is refused at once.
  if (isRateLimited) {
    return withHttp({ ...answer, headers: [] }, tooManyRequests(fault.limit?.retryAfter ?? 1), now);
  }
  const { http, cut } = fault;
  const answered = http ? withHttp(answer, http, now) : answer;
  const { body } = answered;
  return {
    ...answered,
    body: cut?.how === "truncate" ? body.slice(0, Math.floor(body.length / 2)) : body,
    delivery: {
      delay,
      gzip: hasNullBody(answered.status) ? null : (http?.gzip ?? null),
      ending: cut ? endingOf(cut) : whole,
    },
  };
}

function withHttp(answer: Answer, http: NonNullable<Fault["http"]>, now: number): Answer {
  const status = http.status ?? answer.status;
  return {
    status,
    headers: withHeaders(answer.headers, { ...http.headers, ...retryAfter(http, now) }),
    body: hasNullBody(status) ? "" : (http.body ?? answer.body),
  };
}

/** The page that a web server or gateway sends in place of an answer. */
export function serverPage(status: number, title: string) {
  const heading = status === 200 ? title : `${status} ${title}`;
  return {
    status,
    headers: { "content-type": "text/html" },
    body: `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n<hr>\r\n</body>\r\n</html>\r\n`,
  };
}

export function tooManyRequests(retryAfter: number): NonNullable<Fault["http"]> {
  return { ...serverPage(429, "Too Many Requests"), retryAfter };
}

const whole: Ending = { how: "whole" };

function endingOf({ how, at = "before", bytes = 16, everyMs = 20 }: NonNullable<Fault["cut"]>): Ending {
  if (how === "truncate") return whole;
  return how === "drip" ? { how, bytes, everyMs } : { how, at };
}

function retryAfter(http: NonNullable<Fault["http"]>, now: number): Record<string, string> {
  if (http.retryAfter === undefined) return {};
  // A date has whole seconds, and a client must not come back too early.
  const date = new Date(Math.ceil(now / 1_000 + http.retryAfter) * 1_000).toUTCString();
  return { "retry-after": http.retryAfterDate ? date : String(http.retryAfter) };
}

/** A spoiled answer as the log retains it. Lengths are in characters, or in bytes if it was binary. */
export interface Delivered {
  readonly status: number;
  readonly length: number;
  readonly delivery: Delivery | undefined;
  /** The answer without the faults. */
  readonly usual: { readonly status: number; readonly length: number };
}

/** How an answer was delivered and what was left of it, as a sentence; empty if it was the plain answer. */
export function deliveryText({ status, length, delivery, usual }: Delivered, { fault }: Plan): string {
  const { delay = 0, gzip = null, ending = { how: "whole" } } = delivery ?? {};
  return [
    ...(delay > 0 ? [`after ${Math.round(delay)} ms`] : []),
    ...(status === usual.status ? [] : [`HTTP ${status}`]),
    ...(gzip === null ? [] : [gzip === "whole" ? "compressed" : "labelled as compressed"]),
    ...endingText(ending),
    ...(fault.cut?.how === "truncate" ? [`${length} of ${usual.length} characters`] : []),
  ].join(", ");
}

function endingText(ending: Ending): string[] {
  if (ending.how === "whole") return [];
  if (ending.how === "drip") return [`${ending.bytes} bytes every ${ending.everyMs} ms`];
  const ends = { reset: "was reset", close: "was closed", hang: "stayed open" };
  const places = { before: "before", middle: "in the middle of", after: "after" };
  const place = ending.how === "hang" && ending.at === "before" ? "without" : places[ending.at];
  return [`the connection ${ends[ending.how]} ${place} the answer`];
}
