/** Plans from the ledger of an earlier run: to resume it, or to undo it. */
import type { Context } from "../app/context.js";
import { usageError } from "../app/errors.js";
import { cleanShort, counted } from "../app/format.js";
import type { OrderList } from "../orders/plan.js";
import { isAsTarget, ordersIn, Plan, type Target } from "../orders/plan.js";
import {
  damagedPlan,
  type FoundLine,
  type LedgerHeader,
  type LedgerLine,
  notALedger,
  type PlannedOrder,
  readLedger,
} from "./ledger.js";
import type { SavedOptions } from "./options.js";
import { type GroupTally, rangesOf, Tally } from "./tally.js";

/** An earlier run, with the outcomes so far. */
export interface EarlierRun {
  readonly plan: Plan;
  readonly tally: Tally;
  /** When its last line was written, in ISO 8601. */
  readonly at: string;
  readonly options: SavedOptions;
}

interface Expected {
  readonly file: string;
  readonly command: LedgerHeader["command"] | null;
  readonly host: string;
}

/**
 * Reads a ledger. An outcome line that is damaged leaves the outcome of its orders unknown; a damaged plan is refused.
 *
 * @throws CliError, a usage error, if it cannot be read, is damaged, or is that of another command or host.
 */
export async function readEarlierRun(
  context: Context,
  { file, command, host }: Expected,
  onOrder: (target: Target, order: PlannedOrder) => void = () => {},
): Promise<EarlierRun> {
  const run = new EarlierRunReader({ file, command, host }, onOrder);
  for await (const line of readLedger(file)) await run.take(line);
  return run.end(context);
}

/** Reads a ledger line by line: the header, the plan, and the outcomes. */
class EarlierRunReader {
  readonly #expected: Expected;
  readonly #onOrder: (target: Target, order: PlannedOrder) => void;
  readonly #plan = new Plan();
  #outcomes: Outcomes | null = null;
  #at = "";
  #options: SavedOptions = {};
  #damaged = 0;

  constructor(expected: Expected, onOrder: (target: Target, order: PlannedOrder) => void) {
    this.#expected = expected;
    this.#onOrder = onOrder;
  }

  async take({ number, value, isWhole }: FoundLine): Promise<void> {
    const { file } = this.#expected;
    if (value === null) {
      if (number === 1) throw notALedger(file, number);
      if (this.#outcomes === null) throw damagedPlan(file, number);
      // Half a line at the end says nothing that the lines before it do not: its chunk was not sent, or was begun.
      if (isWhole) this.#damaged++;
    } else if (number === 1) {
      const { at, options } = checkHeader(value, this.#expected);
      [this.#at, this.#options] = [at, options];
    } else if ("ledger" in value) throw notALedger(file, number);
    else if ("orders" in value || "planned" in value) await this.#takePlan(value, number);
    else {
      if (!this.#outcomes?.take(value)) throw damagedPlan(file, number);
      this.#at = value.at;
    }
  }

  async #takePlan(value: Extract<LedgerLine, { orders: unknown } | { planned: unknown }>, number: number) {
    if (this.#outcomes) throw damagedPlan(this.#expected.file, number);
    if ("orders" in value) {
      addOrders(this.#plan, value, this.#onOrder);
      await this.#plan.flush();
      return;
    }
    if (ordersIn(this.#plan.groups) !== value.planned) throw damagedPlan(this.#expected.file, number);
    this.#outcomes = new Outcomes(this.#plan);
  }

  end(context: Context): EarlierRun {
    const { file } = this.#expected;
    if (this.#outcomes === null) throw nothingSent(file);
    const isDamaged = this.#damaged > 0;
    if (isDamaged) {
      const lines = this.#damaged === 1 ? "A line" : `${this.#damaged} lines`;
      context.note(`${lines} of ${file} cannot be read: the outcome of the orders in it is unknown.`);
    }
    return {
      plan: this.#plan,
      tally: this.#outcomes.end({ isDamaged }),
      at: this.#at,
      options: this.#options,
    };
  }
}

function addOrders(
  plan: Plan,
  { orders, ...target }: Extract<LedgerLine, { orders: unknown }>,
  onOrder: (target: Target, order: PlannedOrder) => void,
): void {
  for (const order of orders) {
    onOrder(target, order);
    const before = order.before?.map(([, autoExtend, rentPeriodDays]) => ({ autoExtend, rentPeriodDays }));
    plan.add(target, order.id, before ?? null, order.only);
  }
}

/** The outcomes in a ledger. Orders that were begun, and of which nothing was heard again, are unknown. */
class Outcomes {
  readonly #tally: Tally;
  readonly #underWay: Set<number>[];

  constructor({ groups }: Plan) {
    this.#tally = new Tally(groups);
    this.#underWay = groups.map(() => new Set());
  }

  take(line: Extract<LedgerLine, { at: string; group: number }>): boolean {
    const open = this.#underWay[line.group];
    if (!open) return false;
    if (!("begun" in line)) {
      if (!this.#tally.apply(line)) return false;
      const reasons = [...line.refused, ...line.unknown, ...line.differs].map(({ places }) => places);
      for (const place of placesIn([line.changed, line.notTried, ...reasons].flat())) open.delete(place);
      return true;
    }
    for (const place of placesIn(line.begun)) {
      // Begun twice: the run that did so first broke off.
      if (open.has(place) && !this.#tally.begin({ ...line, begun: [[place, place]] })) return false;
      open.add(place);
    }
    return this.#tally.fits(line);
  }

  end({ isDamaged }: { isDamaged: boolean }): Tally {
    const at = new Date().toISOString();
    for (const [group, open] of this.#underWay.entries()) {
      this.#tally.begin({ at, group, begun: rangesOf([...open]) });
      if (isDamaged) this.#tally.doubt(group);
    }
    return this.#tally;
  }
}

function* placesIn(ranges: readonly (readonly [number, number])[]): Generator<number, void, undefined> {
  for (const [from, to] of ranges) for (let place = from; place <= to; place++) yield place;
}

function checkHeader(value: LedgerLine, { file, command, host }: Expected): LedgerHeader {
  if (!("ledger" in value)) throw notALedger(file, 1);
  const other = (what: string) => usageError(`${file} records a run ${what}.`, useThat);
  if (command !== null && value.command !== command) throw other(`of ${value.command}, not of ${command}`);
  if (value.host !== host) throw other(`at ${cleanShort(value.host, 100)}, not at ${host}`);
  return value;
}

const useThat = "Use the command and the server of that run, or start a new run with --ledger.";

function nothingSent(file: string): Error {
  return usageError(
    `${file} ends before the end of its list of orders, so its run sent nothing, or it is not a ledger.`,
    "Remove it, and start the run again with --ledger.",
  );
}

interface Planned {
  readonly target: Target;
  readonly order: PlannedOrder;
}

/** Plans to restore the state before a run: only what that run changed, and only if nothing changed since. */
export async function planUndo(
  context: Context,
  { file, host, list }: { readonly file: string; readonly host: string; readonly list: OrderList },
): Promise<Plan> {
  const planned: Planned[] = [];
  const run = await readEarlierRun(context, { file, command: null, host }, (target, order) =>
    planned.push({ target, order }),
  );
  const plan = new Plan();
  const steps = [...changedBy(run, planned)].map((each) => ({ ...each, step: undoOf({ ...each, list }) }));
  for (const { order, step } of steps) {
    if (step === "restored") continue;
    if (typeof step === "string") plan.unsent.add(order.id, step);
    else for (const each of step) plan.add(each.target, order.id, each.addresses, each.only);
  }
  await run.plan.close();
  const restored = steps.filter(({ step }) => step === "restored").length;
  if (restored > 0) {
    context.note(
      `${counted(restored, "order already has", "orders already have")} the state from before that run.`,
    );
  }
  const keptPeriods = steps
    .flatMap(({ step }) => (typeof step === "string" ? [] : step))
    .flatMap(keepingPeriod);
  if (keptPeriods.length > 0) {
    const which = counted(keptPeriods.length, "IP address that was off", "IP addresses that were off");
    context.note(`The rental period of ${which} stays changed: only switching on sets one.`);
  }
  const inParts = steps.filter(({ step }) => typeof step !== "string" && step.length > 1).length;
  if (inParts > 0) {
    context.note(
      `${counted(inParts, "order is", "orders are")} restored in parts, because their IP addresses had different states. Each part counts as an order.`,
    );
  }
  return plan;
}

/** The orders that a run changed, or may have changed: the list shows whether it did. */
function* changedBy({ tally }: EarlierRun, planned: readonly Planned[]): Generator<Planned> {
  const places = new Map<GroupTally | undefined, number>();
  for (const { target, order } of planned) {
    const found = tally.groups.find(
      ({ group }) => sameTarget(group, target) && (group.addressesOf !== null) === (order.only !== undefined),
    );
    const place = places.get(found) ?? 0;
    places.set(found, place + 1);
    const outcome = found?.at(place).name;
    if (outcome === "changed" || outcome === "unknown" || outcome === "differs") yield { target, order };
  }
}

function sameTarget(one: Target, other: Target): boolean {
  return (
    one.proxyType === other.proxyType &&
    one.rentPeriodDays === other.rentPeriodDays &&
    one.autoExtend === other.autoExtend
  );
}

type Listed = OrderList["orders"][number]["ipAddresses"];

interface UndoStep {
  readonly target: Target;
  readonly addresses: Listed;
  /** The ids of the IP addresses to switch; `undefined` for the whole order. */
  readonly only: readonly string[] | undefined;
}

/** The IP addresses that were off with another rental period: switching off does not set one. */
function keepingPeriod({ target, addresses }: UndoStep): Listed[number][] {
  if (target.autoExtend) return [];
  return addresses.filter(({ rentPeriodDays }) => rentPeriodDays !== target.rentPeriodDays);
}

/** How to restore an order; or why not, as a sentence. */
function undoOf({
  target,
  order,
  list,
}: {
  readonly target: Target;
  readonly order: PlannedOrder;
  readonly list: OrderList;
}): UndoStep[] | string {
  const { before, only } = order;
  if (!before || before.some(([, autoExtend, days]) => autoExtend === null || days === null)) {
    return "Its state before that run is not known.";
  }
  const now = list.byId.get(order.id)?.ipAddresses;
  if (!now) return "It is no longer in the list of IP addresses.";
  const earlier = new Map(before.map(([id, autoExtend, days]) => [id, { autoExtend, days }]));
  const concerned = now.filter(({ ipAddressId }) => !only || only.includes(ipAddressId));
  if (concerned.some(({ ipAddressId }) => !earlier.has(ipAddressId))) return "It has new IP addresses.";
  const wanted = concerned.map((address) => {
    const was = earlier.get(address.ipAddressId) as { autoExtend: boolean; days: number };
    return { address, target: { ...target, autoExtend: was.autoExtend, rentPeriodDays: was.days } };
  });
  const open = wanted.filter((each) => !isAsTarget(each.address, each.target));
  if (open.length === 0) return "restored";
  if (open.some(({ address }) => !isAsTarget(address, target))) return "It changed since that run.";
  return stepsOf(open, { now, proxyType: target.proxyType });
}

function stepsOf(
  open: readonly { readonly address: Listed[number]; readonly target: Target }[],
  { now, proxyType }: { readonly now: Listed; readonly proxyType: Target["proxyType"] },
): UndoStep[] | string {
  const targets = new Map<string, { target: Target; addresses: Listed[number][] }>();
  for (const { address, target } of open) {
    const key = `${target.rentPeriodDays} ${target.autoExtend}`;
    const step = targets.get(key) ?? { target, addresses: [] };
    targets.set(key, step);
    step.addresses.push(address);
  }
  const steps = [...targets.values()];
  if (steps.length === 1 && open.length === now.length)
    return [{ ...(steps[0] as (typeof steps)[0]), only: undefined }];
  // A part of an IPv6 order cannot be switched (observed).
  if (proxyType === "IPv6")
    return "Its IP addresses had different states, which an IPv6 order cannot get back.";
  return steps.map((step) => ({ ...step, only: step.addresses.map(({ ipAddressId }) => ipAddressId) }));
}
