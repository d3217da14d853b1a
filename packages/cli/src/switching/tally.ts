/** The outcome of every order of a run, and their counts. */
import { type AutoExtendError, type BulkChunk, isApiError } from "@auto-extend/client";
import { z } from "zod/v3";
import { clientError, type JsonError, messageOf } from "../app/failure.js";
import { type Group, noSuchOrder, type OrderList, Plan } from "../orders/plan.js";
import type { Counts } from "./types.js";

/** The places of orders in their group, from 0 on: the first and the last of places that follow each other. */
const place = z.number().int().nonnegative();
const ranges = z.array(z.tuple([place, place]));
type Ranges = z.infer<typeof ranges>;

const reasons = z.array(z.strictObject({ code: z.number().nullable(), message: z.string(), places: ranges }));

/** The outcomes of some orders of a group: of a chunk, or of the read-back. */
export const outcomeRecord = z.strictObject({
  at: z.string(),
  group: place,
  changed: ranges,
  refused: reasons,
  unknown: reasons,
  differs: reasons,
  notTried: ranges,
  /** How many IP addresses were switched; negative if the read-back finds that fewer were. */
  quantity: z.number().int(),
  calls: place,
});

export type OutcomeRecord = z.infer<typeof outcomeRecord>;

export const beginRecord = z.strictObject({ at: z.string(), group: place, begun: ranges });

/** Some orders of a group that an undo of the run restored. */
export const undoneRecord = z.strictObject({ at: z.string(), group: place, undone: ranges });

/** Until an undo has ended, nobody knows which orders it has restored. */
export const undoRecord = z.strictObject({ at: z.string(), undo: z.enum(["begun", "ended"]) });

type BeginRecord = z.infer<typeof beginRecord>;
type UndoneRecord = z.infer<typeof undoneRecord>;

export type OutcomeName = keyof Counts;

export interface Outcome {
  readonly name: OutcomeName;
  readonly code: number | null;
  readonly message: string;
}

const noOutcome: Outcome = { name: "notTried", code: null, message: "" };

const underWay: Outcome = { name: "unknown", code: null, message: "It is under way." };
const brokenOff: Outcome = { ...underWay, message: "The run broke off while it was under way." };

/** Longer messages are cut, so that no line of a ledger is longer than what is read again. */
const maxMessageLength = 500;
/** More different messages than people read: those beyond it become one. */
const maxReasons = 20_000;
/** Each answer names the IP addresses of a chunk, so that a million would not fit into memory. */
const maxAnswers = 10;

export class Tally {
  readonly groups: readonly GroupTally[];
  /** How many IP addresses were switched: by the provider's answers, without those of orders that the read-back contradicts. */
  quantity = 0;
  calls = 0;
  readonly answers: unknown[] = [];
  readonly #reasons = new Reasons();
  readonly #errors = new Map<string, { readonly error: JsonError; readonly name: OutcomeName }>();

  constructor(groups: readonly Group[]) {
    this.groups = groups.map((group) => new GroupTally(group, this.#reasons));
  }

  /** Takes a record. @returns whether it makes sense; otherwise nothing changes. */
  apply(record: OutcomeRecord): boolean {
    const { changed, refused, unknown, differs, notTried } = record;
    const all = [...refused, ...unknown, ...differs].flatMap(({ places }) => places);
    const tally = this.#groupWith(record.group, [...changed, ...notTried, ...all]);
    if (!tally) return false;
    tally.set(changed, { name: "changed", code: null, message: "" });
    tally.set(notTried, noOutcome);
    for (const name of ["refused", "unknown", "differs"] as const) {
      for (const { code, message, places } of record[name]) tally.set(places, { name, code, message });
    }
    // An answer may have counted less than the list has.
    this.quantity = Math.max(0, this.quantity + record.quantity);
    this.calls += record.calls;
    return true;
  }

  /** Takes that orders are sent. Without a record of their outcome, it is unknown. @returns whether it makes sense. */
  begin({ group, begun }: BeginRecord): boolean {
    const tally = this.#groupWith(group, begun);
    if (!tally) return false;
    tally.set(begun, underWay);
    for (const place of placesIn(begun)) tally.undone.delete(place);
    return true;
  }

  undo({ group, undone }: UndoneRecord): boolean {
    const tally = this.#groupWith(group, undone);
    if (!tally) return false;
    for (const place of placesIn(undone)) tally.undone.add(place);
    return true;
  }

  #groupWith(index: number, found: Ranges): GroupTally | null {
    const tally = this.groups[index];
    return tally && found.every(([from, to]) => from <= to && to < tally.group.ids.count) ? tally : null;
  }

  /** Takes back the outcomes of orders that were undone: they are to be sent again. @returns how many they are. */
  reopen(): number {
    for (const tally of this.groups) tally.set(rangesOf([...tally.undone]), noOutcome);
    return this.groups.reduce((sum, { undone }) => sum + undone.size, 0);
  }

  /** Makes those orders unchanged that were sent, although the list showed them as requested before. */
  markUnchanged(): void {
    for (const tally of this.groups) {
      const sent = tally.asRequested.filter((place) => tally.at(place).name === "changed");
      tally.set(rangesOf(sent), { name: "unchanged", code: null, message: "" });
    }
  }

  /** An order in parts counts once, by the part that is worst off. */
  counts(): Counts {
    const sum = { ...noCounts };
    const worst = new Map<string, OutcomeName>();
    for (const tally of this.groups) {
      const counts = tally.counts();
      for (const name of outcomeNames) sum[name] += counts[name];
      for (const [orderId, place] of tally.group.inParts) {
        const { name } = tally.at(place);
        sum[name]--;
        const rank = outcomeNames.indexOf(name);
        if (rank >= outcomeNames.indexOf(worst.get(orderId) ?? "unchanged")) worst.set(orderId, name);
      }
    }
    for (const name of worst.values()) sum[name]++;
    return sum;
  }

  /** Makes the outcome of every order unknown that has none: a damaged line may have had it. */
  doubt(): void {
    const message = "A line of the ledger that cannot be read may be about it.";
    const doubtful: Outcome = { name: "unknown", code: null, message };
    for (const tally of this.groups) tally.replace(({ name }) => (name === "notTried" ? doubtful : null));
  }

  /** Begins a run that continues an earlier one: from here on, only its own changes and requests count. */
  startRun(): void {
    for (const tally of this.groups) {
      tally.replace((outcome) => (isUnderWay(outcome) ? brokenOff : null));
      tally.replace((outcome) => (outcome.name === "changed" ? { ...outcome, name: "doneBefore" } : null));
    }
    this.quantity = 0;
    this.calls = 0;
  }

  isFinished(): boolean {
    return this.left() === 0;
  }

  finished(): number {
    return this.groups.reduce((sum, tally) => sum + tally.finished, 0);
  }

  left(): number {
    let left = 0;
    const inParts = new Set<string>();
    for (const tally of this.groups) {
      left += tally.group.ids.count - tally.finished;
      for (const [orderId, place] of tally.group.inParts) {
        if (isFinished(tally.at(place))) continue;
        inParts.add(orderId);
        left--;
      }
    }
    return left + inParts.size;
  }

  firstOf(name: OutcomeName): Outcome {
    const found = this.groups.flatMap((tally) => tally.find((outcome) => outcome.name === name) ?? []);
    return found[0] ?? { ...noOutcome, name };
  }

  keepError(name: OutcomeName, error: AutoExtendError): void {
    const shown = clientError(error);
    const key = `${name} ${shown.name} ${shown.code} ${shown.status} ${shown.message}`;
    if (this.#errors.size < 20) this.#errors.set(key, { error: shown, name });
  }

  keepAnswers(answers: readonly unknown[]): void {
    this.answers.push(...answers.slice(0, maxAnswers - this.answers.length));
  }

  /** The first error of orders that still have such an outcome. */
  errorsOf(name: OutcomeName): JsonError[] {
    if (this.counts()[name] === 0) return [];
    return [...this.#errors.values()].filter((each) => each.name === name).map(({ error }) => error);
  }
}

export async function planOfResume(
  { groups }: Tally,
  { list, isWanted }: { readonly list: OrderList | null; isWanted(outcome: Outcome): boolean },
): Promise<Plan> {
  const plan = new Plan();
  for (const tally of groups) {
    for await (const orders of tally.read()) {
      for (const { orderId, outcome } of orders) {
        if (!isWanted(outcome)) continue;
        plan.add(tally.group, orderId, list?.byId.get(orderId)?.ipAddresses ?? null);
      }
      await plan.flush();
    }
  }
  return plan;
}

const outcomeNames = [
  ...(["unchanged", "doneBefore", "changed", "notTried", "refused", "differs", "unknown"] as const),
];

const noCounts = Object.fromEntries(outcomeNames.map((name) => [name, 0])) as Counts;

/** The outcomes of a group by the place of each order: four bytes an order, since there may be millions. */
export class GroupTally {
  readonly group: Group;
  readonly #reasons: Reasons;
  readonly #numbers: Uint32Array;
  readonly #counts: Counts;
  finished = 0;
  /** The places of orders that undos of the run have restored, and no resume has sent again. */
  readonly undone = new Set<number>();
  /** The places of orders that the list shows as requested before they are sent for the first time. */
  asRequested: readonly number[] = [];

  constructor(group: Group, reasons: Reasons) {
    this.group = group;
    this.#reasons = reasons;
    this.#numbers = new Uint32Array(group.ids.count);
    this.#counts = { ...noCounts, notTried: group.ids.count };
  }

  at(place: number): Outcome {
    return this.#reasons.outcomes[this.#numbers[place] ?? 0] ?? noOutcome;
  }

  async *read() {
    let next = 0;
    for await (const orderIds of this.group.ids.read()) {
      yield orderIds.map((orderId) => {
        const place = next++;
        return { orderId, place, outcome: this.at(place) };
      });
    }
  }

  find(isWanted: (outcome: Outcome) => boolean): Outcome | undefined {
    const number = this.#numbers.find((each) => isWanted(this.#reasons.outcomes[each] ?? noOutcome));
    return number === undefined ? undefined : this.#reasons.outcomes[number];
  }

  counts(): Counts {
    return { ...this.#counts };
  }

  replace(otherOf: (outcome: Outcome) => Outcome | null): void {
    for (const place of this.#numbers.keys()) {
      const other = otherOf(this.at(place));
      if (other) this.set([[place, place]], other);
    }
  }

  set(found: Ranges, outcome: Outcome): void {
    for (const place of placesIn(found)) {
      const before = this.at(place);
      const after = combine(before, outcome);
      this.#counts[before.name]--;
      this.#counts[after.name]++;
      this.finished += Number(isFinished(after)) - Number(isFinished(before));
      this.#numbers[place] = this.#reasons.numberOf(after);
    }
  }
}

class Reasons {
  readonly outcomes: Outcome[] = [noOutcome];
  readonly #numbers = new Map<string, number>([[keyOf(noOutcome), 0]]);

  numberOf(outcome: Outcome): number {
    const known = this.#numbers.get(keyOf(outcome));
    if (known !== undefined) return known;
    if (this.outcomes.length < maxReasons) return this.#keep(outcome);
    return this.#keep({ ...outcome, message: "(one of too many different messages)" });
  }

  #keep(outcome: Outcome): number {
    const key = keyOf(outcome);
    const number = this.#numbers.get(key) ?? this.outcomes.push(outcome) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

function keyOf({ name, code, message }: Outcome): string {
  return `${name} ${code} ${message}`;
}

/** Whether an order need not be sent again: it is changed, or will not exist the next time either. Any other refusal may pass. */
export function isFinished({ name, code }: Outcome): boolean {
  return isDone(name) || (name === "refused" && (code === noSuchOrder || code === null));
}

/** Whether an order is as requested, as far as anybody knows. */
export function isDone(name: OutcomeName): name is "changed" | "unchanged" | "doneBefore" {
  return name === "changed" || name === "unchanged" || name === "doneBefore";
}

/** An order whose outcome is unknown stays so until it is changed, or found not to exist: the earlier call may have been applied. */
function combine(before: Outcome, after: Outcome): Outcome {
  // Begun twice: the run that did so first broke off.
  if (isUnderWay(before)) return isUnderWay(after) ? brokenOff : after;
  // Only a read-back is about it again.
  if (before.name === "doneBefore" && after.name === "changed") return before;
  if (before.name !== "unknown" || after.name === "changed") return after;
  if (after.name === "unknown") return isUnderWay(after) ? before : after;
  if (after.name !== "refused") return before;
  if (isFinished(after)) return after;
  return {
    ...after,
    name: "unknown",
    message: `An earlier call may have been applied; now it was refused: ${after.message}`,
  };
}

function isUnderWay({ name, message }: Outcome): boolean {
  return name === underWay.name && message === underWay.message;
}

interface ChunkContext {
  readonly group: number;
  readonly placeOf: (orderId: string) => number;
  readonly redact: (text: string) => string;
}

export function recordOf(chunk: BulkChunk, { group, placeOf, redact }: ChunkContext): OutcomeRecord {
  const reason = (orderId: string, code: number | null, message: string) => ({
    place: placeOf(orderId),
    code,
    message: redact(message).slice(0, maxMessageLength),
  });
  const refused = chunk.refused.map(({ orderId, code, message }) => reason(orderId, code, message));
  const unknown = [
    ...chunk.unknown.map(({ orderId, error }) =>
      reason(orderId, isApiError(error) ? error.code : null, messageOf(error)),
    ),
    // Some of the orders cannot have been switched, and nobody knows which.
    ...chunk.unconfirmed.map(({ orderId, finding }) =>
      reason(orderId, null, `The answer does not confirm it. ${finding.path}: ${finding.message}.`),
    ),
  ];
  return {
    at: new Date().toISOString(),
    group,
    changed: rangesOf(chunk.changed.map(placeOf)),
    refused: byReason(refused),
    unknown: byReason(unknown),
    differs: [],
    notTried: rangesOf(chunk.notTried.map(placeOf)),
    quantity: chunk.quantity,
    calls: chunk.calls,
  };
}

export function byReason(
  found: readonly { readonly place: number; readonly code: number | null; readonly message: string }[],
): OutcomeRecord["refused"] {
  const groups = new Map<string, { code: number | null; message: string; places: number[] }>();
  for (const { place, code, message } of found) {
    const key = `${code} ${message}`;
    const group = groups.get(key) ?? { code, message, places: [] };
    groups.set(key, group);
    group.places.push(place);
  }
  return [...groups.values()].map(({ places, ...rest }) => ({ ...rest, places: rangesOf(places) }));
}

export function rangesOf(places: readonly number[]): Ranges {
  const found: Ranges = [];
  for (const each of [...places].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last[1] === each - 1) last[1] = each;
    else found.push([each, each]);
  }
  return found;
}

function* placesIn(ranges: Ranges): Generator<number, void, undefined> {
  for (const [from, to] of ranges) for (let place = from; place <= to; place++) yield place;
}
