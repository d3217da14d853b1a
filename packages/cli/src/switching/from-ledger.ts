/** Plans from the ledger of an earlier run: to resume it, or to undo it. */
import { stat } from "node:fs/promises";
import type { OpenClient } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { CliError, usageError } from "../app/errors.js";
import { cleanShort, pluralize, shellWord, timestampText } from "../app/format.js";
import {
  compareState,
  isAsTarget,
  type OrderList,
  type OrderPart,
  ordersIn,
  Plan,
  readList,
  type Target,
} from "../orders/plan.js";
import {
  badLedger,
  continueLedger,
  grownText,
  type LedgerHeader,
  type LedgerLine,
  type PlannedOrder,
  readLedger,
} from "./ledger.js";
import { rangesOf, Tally } from "./tally.js";

export interface EarlierRun {
  readonly plan: Plan;
  readonly tally: Tally;
  readonly header: LedgerHeader;
  readonly undone: Undone;
  readonly notSent: number;
  readonly size: number;
}

interface Undone {
  /** When the last undo of the run restored orders. */
  at: string;
  /** When an undo began that has not ended, or `null`. */
  openSince: string | null;
}

interface PlannedEntry {
  readonly target: Target;
  readonly order: PlannedOrder;
  readonly group: number;
  readonly place: number;
}

interface Expected {
  readonly file: string;
  readonly command: LedgerHeader["command"] | null;
  readonly host: string;
}

/** Reads a ledger. An outcome line that is damaged leaves the outcome of its orders unknown; a damaged plan is refused. */
export async function readEarlierRun(
  context: Context,
  expected: Expected,
  onOrder: (entry: PlannedEntry) => void = () => {},
): Promise<EarlierRun> {
  const { file } = expected;
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  const lines = readLedger(file);
  try {
    const first = await lines.next();
    const header = checkHeader(first.done ? null : first.value.value, expected);
    const { plan, notSent } = await readPlan(lines, { file, onOrder });
    const undone = { at: "", openSince: null };
    const outcomes = { tally: new Tally(plan.groups), undone };
    let damaged = 0;
    for await (const { number, value } of lines) {
      if (value === null) damaged++;
      else if (!takeOutcome(outcomes, value)) throw badLedger(file, number);
    }
    if (damaged > 0) {
      const them = damaged === 1 ? "it" : "them";
      context.note(
        `${pluralize(damaged, "line", "lines")} of ${file} cannot be read: the outcome of the orders in ${them} is unknown.`,
      );
      outcomes.tally.doubt();
    }
    return { ...outcomes, plan, header, notSent, size };
  } finally {
    await lines.return();
  }
}

async function readPlan(
  lines: ReturnType<typeof readLedger>,
  { file, onOrder }: { readonly file: string; readonly onOrder: (entry: PlannedEntry) => void },
): Promise<Pick<EarlierRun, "plan" | "notSent">> {
  const plan = new Plan();
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const { number, value } = line.value;
    if (value && "orders" in value) await addOrders(plan, value, onOrder);
    else if (value && "planned" in value && value.planned === ordersIn(plan.groups)) {
      return { plan, notSent: value.notSent ?? 0 };
    } else throw badLedger(file, number);
  }
  throw badLedger(file);
}

async function addOrders(
  plan: Plan,
  { orders, group, ...target }: Extract<LedgerLine, { orders: unknown }>,
  onOrder: (entry: PlannedEntry) => void,
): Promise<void> {
  for (const order of orders) {
    const before = order.before?.map(([, autoExtend, rentPeriodDays]) => ({ autoExtend, rentPeriodDays }));
    const { ids } = plan.add(target, order.id, before ?? null, order.only);
    onOrder({ group, target, order, place: ids.count - 1 });
  }
  await plan.flush();
}

interface Outcomes {
  readonly tally: Tally;
  readonly undone: Undone;
}

/** Takes a line behind the plan. @returns whether it makes sense there. */
function takeOutcome(outcomes: Outcomes, line: LedgerLine): boolean {
  const { tally, undone } = outcomes;
  if ("undo" in line) {
    undone.openSince = line.undo === "begun" ? line.at : null;
    return true;
  }
  if (!("group" in line) || "orders" in line) return false;
  if ("undone" in line) {
    undone.at = line.at;
    return tally.undo(line);
  }
  return "begun" in line ? tally.begin(line) : tally.apply(line);
}

function checkHeader(value: LedgerLine | null, { file, command, host }: Expected): LedgerHeader {
  if (!value || !("ledger" in value)) throw badLedger(file, 1);
  if (command !== null && value.command !== command) throw otherCommand(file, value.command);
  if (value.host !== host) {
    throw usageError(
      `${file} records a run at ${cleanShort(value.host, 100)}, not at ${host}.`,
      "Name that server with --base-url.",
    );
  }
  return value;
}

function otherCommand(file: string, command: LedgerHeader["command"]): Error {
  return command === "undo"
    ? usageError(
        `${file} records an undo, which cannot be resumed.`,
        "Run the same undo again: it restores what is left.",
      )
    : usageError(
        `${file} records a run of auto-extend ${command}.`,
        `Resume it with auto-extend ${command} --resume ${shellWord(file)}.`,
      );
}

interface Owned {
  readonly file: string;
  readonly server: OpenClient;
  /** Whether the run may have had another API key. */
  readonly force: boolean;
}

/**
 * The list of the account if a run began with another API key, which may be that of another account; `null` if it did not.
 *
 * @throws CliError, a usage error, if it did and `force` is not set, or the list has no order of the run.
 */
export async function listOfOtherKey(
  context: Context,
  { header, plan }: EarlierRun,
  { file, server, force }: Owned,
): Promise<OrderList | null> {
  if (header.keyMark === server.keyMark(header.at)) return null;
  const what = `The run of ${file} began with another API key`;
  if (!force) {
    throw usageError(
      `${what}, which may be that of another account.`,
      "Use the API key of that run. If both keys are of the same account, add --force.",
    );
  }
  context.note(`${what}.`);
  const list = await readList(context, server);
  for (const { ids } of plan.groups) {
    for await (const orderIds of ids.read()) if (orderIds.some((id) => list.byId.has(id))) return list;
  }
  throw usageError(
    `${what}, and no order of it is in the list of this one.`,
    "Use an API key of the account that the run is about.",
  );
}

interface Entry extends PlannedEntry {
  /** Whether the run does not know its outcome: the request may still be carried out, also if the list does not show it yet. */
  readonly isUnknown: boolean;
  readonly isUndone: boolean;
}

export type Undo = Awaited<ReturnType<typeof planUndo>>;

/** Plans to restore the state before a run: only what that run changed, and only if nothing changed since. */
export async function planUndo(context: Context, request: Owned) {
  const { file } = request;
  const { orders, undone: earlier, size, list } = await changedBy(context, request);
  const { at: undoneAt } = earlier;
  const wasOpen = earlier.openSince !== null;
  let isOpen = wasOpen;
  const plan = new Plan();
  const restored: string[] = [];
  const keptPeriods = new Map<string, number>();
  let undone = 0;
  let inParts = 0;
  for (const [orderId, entries] of orders) {
    const parts = stepsFor(orderId, { entries, list, undoneAt });
    if (parts === "undone") undone++;
    else if (parts === "restored") restored.push(orderId);
    else if (typeof parts === "string") plan.unsent.add(orderId, parts);
    else {
      plan.addInParts(orderId, parts);
      keptPeriods.set(orderId, parts.flatMap(keepingPeriod).length);
      if (parts.length > 1) inParts++;
    }
  }
  const note = (count: number, one: string, many: string, text: string) => {
    if (count > 0) context.note(`${pluralize(count, one, many)} ${text}`);
  };
  note(undone, "order was", "orders were", `undone already, at ${timestampText(undoneAt)}.`);
  note(
    restored.length,
    ...(["order already has", "orders already have"] as const),
    "the state from before the run of the ledger.",
  );
  note(
    inParts,
    ...(["order is", "orders are"] as const),
    "restored in parts, because the IP addresses had different states. Each state is a row of the table.",
  );
  return {
    ...{ plan, list },
    /** Writes to the ledger before anything is sent, so that a run of it that is under way stops. @throws CliError, a usage error, if one was. */
    claim() {
      isOpen = true;
      return claim(file, size);
    },
    /** Records what was restored. @returns how many IP addresses of these orders keep the rental period of the run. */
    async markUndone(tally: Tally) {
      const switched = await changedOrders(tally);
      // If all orders had their earlier state already, the API key may be that of another account with the same order IDs.
      const done = switched.size === 0 && !wasOpen ? [] : [...restored, ...switched];
      if (isOpen)
        await mark(context, { file, entries: done.flatMap((orderId) => orders.get(orderId) ?? []) });
      return [...switched].reduce((sum, orderId) => sum + (keptPeriods.get(orderId) ?? 0), 0);
    },
  };
}

async function changedBy(context: Context, { file, server, force }: Owned) {
  const planned: PlannedEntry[] = [];
  const { host } = server.connection;
  const run = await readEarlierRun(context, { file, command: null, host }, (entry) => planned.push(entry));
  const listed = await listOfOtherKey(context, run, { file, server, force });
  await run.plan.close();
  const { tally, undone, size } = run;
  const orders = new Map<string, Entry[]>();
  for (const entry of planned) {
    const { group, place, order } = entry;
    const groupTally = tally.groups[group];
    const outcome = groupTally?.at(place).name;
    if (outcome !== "changed" && outcome !== "unknown" && outcome !== "differs") continue;
    const isUndone = groupTally?.undone.has(place) === true;
    const known = orders.get(order.id) ?? [];
    orders.set(order.id, [...known, { ...entry, isUnknown: outcome === "unknown", isUndone }]);
  }
  return { orders, undone, size, list: listed ?? (await readList(context, server)) };
}

async function changedOrders({ groups }: Tally): Promise<Set<string>> {
  const changed = new Set<string>();
  const others = new Set<string>();
  for (const tally of groups) {
    for await (const orders of tally.read()) {
      for (const { orderId, outcome } of orders) (outcome.name === "changed" ? changed : others).add(orderId);
    }
  }
  for (const orderId of others) changed.delete(orderId);
  return changed;
}

async function claim(file: string, readSize: number): Promise<void> {
  const ledger = await continueLedger(file, readSize).catch((error: unknown) => {
    // A ledger that is only readable can be undone as well; the undo is not recorded then.
    if (error instanceof CliError && error.message.includes(grownText)) throw error;
  });
  await ledger?.append({ at: new Date().toISOString(), undo: "begun" }).catch(() => {});
  await ledger?.close();
}

async function mark(
  context: Context,
  { file, entries }: { readonly file: string; readonly entries: readonly Entry[] },
): Promise<void> {
  try {
    const ledger = await continueLedger(file);
    for (const group of new Set(entries.map((entry) => entry.group))) {
      const places = entries.filter((entry) => entry.group === group).map(({ place }) => place);
      await ledger.append({ at: new Date().toISOString(), group, undone: rangesOf(places) });
    }
    await ledger.append({ at: new Date().toISOString(), undo: "ended" });
    await ledger.close();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    context.note(`${error.message} So this undo is not recorded in it, and a second one would repeat it.`);
  }
}

type Listed = OrderList["orders"][number]["ipAddresses"];

interface AddressPart extends OrderPart {
  readonly addresses: Listed;
}

/** The IP addresses that were off with another rental period: switching off does not set one. */
function keepingPeriod({ target, addresses }: AddressPart): Listed[number][] {
  if (target.autoExtend) return [];
  return addresses.filter(({ rentPeriodDays }) => rentPeriodDays !== target.rentPeriodDays);
}

interface AddressStep {
  readonly address: Listed[number];
  readonly given: Target;
  readonly target: Target;
}

interface Concerned {
  readonly entries: readonly Entry[];
  readonly list: OrderList;
}

/** How to restore an order, unless it was undone: that is left alone, since somebody may have switched it on purpose. */
function stepsFor(
  orderId: string,
  { entries, list, undoneAt }: Concerned & { readonly undoneAt: string },
): AddressPart[] | string {
  if (!entries.some(({ isUndone }) => isUndone)) return undoOf(orderId, { entries, list });
  // The undo has sent again what may have been on its way.
  const known = entries.map((entry) => ({ ...entry, isUnknown: false }));
  const found = undoOf(orderId, { entries: known, list });
  if (found === "restored" || !list.byId.has(orderId)) return "undone";
  return `It was undone at ${timestampText(undoneAt)}, and switched since. Use on or off to change that.`;
}

function undoOf(orderId: string, { entries, list }: Concerned): AddressPart[] | string {
  const before = entries[0]?.order.before;
  if (!before || before.some(([, autoExtend, days]) => autoExtend === null || days === null)) {
    return "Its state before that run is not in the ledger, because that run did not read the list. Use on or off if it has to be switched back.";
  }
  const now = list.byId.get(orderId)?.ipAddresses;
  if (!now) return "It is no longer in your list (auto-extend orders), which does not show expired orders.";
  const earlier = new Map(before.map(([id, autoExtend, days]) => [id, { autoExtend, days }]));
  const steps: AddressStep[] = [];
  for (const address of now) {
    const { ipAddressId } = address;
    const given = entries.find(({ order: { only } }) => !only || only.includes(ipAddressId))?.target;
    if (!given) continue;
    const was = earlier.get(ipAddressId);
    if (!was) return "It has new IP addresses.";
    const target = { ...given, autoExtend: was.autoExtend === true, rentPeriodDays: was.days as number };
    steps.push({ address, given, target });
  }
  const others = steps.filter(({ address, target }) => !isAsTarget(address, target));
  const open = entries.some(({ isUnknown }) => isUnknown) ? steps : others;
  if (open.length === 0) return "restored";
  const isChanged = ({ address, given }: AddressStep) =>
    address.autoExtend === null || compareState(address, given) === "other";
  if (others.some(isChanged)) return "It changed since that run. Use on or off to change that.";
  return partsOf(open, now);
}

function partsOf(open: readonly AddressStep[], now: Listed): AddressPart[] | string {
  const parts = new Map<string, { target: Target; addresses: Listed[number][] }>();
  for (const { address, target } of open) {
    const key = `${target.rentPeriodDays} ${target.autoExtend}`;
    const part = parts.get(key) ?? { target, addresses: [] };
    parts.set(key, part);
    part.addresses.push(address);
  }
  const [first, ...more] = parts.values();
  if (first && more.length === 0 && open.length === now.length) return [{ ...first, only: undefined }];
  // A part of an IPv6 order cannot be switched (observed).
  if (first?.target.proxyType === "IPv6") {
    return "Its IP addresses had different states, which an IPv6 order cannot get back.";
  }
  return [...parts.values()].map((part) => ({
    ...part,
    only: part.addresses.map(({ ipAddressId }) => ipAddressId),
  }));
}
