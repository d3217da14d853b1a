import { isApiError, isAutoExtendError, isHttpError, type SetAutoExtendResult } from "@auto-extend/client";
import { type ProxyType, type SetAutoExtendRequest, unknownApiKeyCode } from "@auto-extend/core";
import { type OpenClient, openClient } from "../account/open-client.js";
import { type OrderGroup, orderGroups } from "../account/order-groups.js";
import { longestHold } from "../account/pace.js";
import type { TotalPrice } from "../account/price-groups.js";
import { readOrders } from "../account/read-orders.js";
import { usageError } from "../cli-error.js";
import { connectionOf } from "../connection.js";
import { confirmSwitchingOn } from "../consent.js";
import type { Context } from "../context.js";
import { curlCommand } from "../curl.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { failureOf } from "../failure.js";
import type { Outcome } from "../invocation.js";
import type { JsonError } from "../json-output.js";
import { readOrderIds } from "../order-ids.js";
import { proxyTypeOption } from "../proxy-type-option.js";
import { switchRequest } from "../switch-request.js";
import { answerNotes } from "../switching/compare-answer.js";
import { checkPeriods, previewSwitchingOn } from "../switching/preview.js";
import { type ReadBack, readBack, skippedReadBack } from "../switching/read-back.js";
import { type Switched, switchedText } from "../switching/switched-text.js";
import { priceResult } from "./price.js";

/** The options of `on` and `off`. */
export interface SwitchOptions {
  readonly type?: string;
  readonly days?: number;
  readonly yes?: true;
  readonly dryRun?: true;
  /** Whether prices are asked for before; `on` alone. */
  readonly preview?: boolean;
  /** Whether the state is read back afterwards. */
  readonly verify?: boolean;
  /** Asks for a rental period that is not sold; `on` alone. */
  readonly force?: true;
}

/** What `on` and `off` are given. */
export interface SwitchInput extends SwitchOptions {
  readonly orderIds: readonly string[];
  readonly autoExtend: boolean;
}

/** A group whose call ended with an error. */
interface Failed {
  readonly group: OrderGroup;
  readonly request: SetAutoExtendRequest;
  readonly error: JsonError;
  /** The exit code of a run that this alone ends. */
  readonly exitCode: ExitCode;
  readonly thrown: unknown;
}

/** Switches auto-extend of the given orders, or shows the request that would. */
export async function switchOrders(context: Context, input: SwitchInput): Promise<Outcome> {
  const { autoExtend, days } = input;
  requireDays(input);
  const type = input.type === undefined ? undefined : proxyTypeOption(input.type);
  const orderIds = readOrderIds(context, input);
  const known = type !== undefined && days !== undefined;
  if (known) switchRequest(onlyGroup({ type, days, orderIds }), autoExtend);
  if (input.dryRun) return dryRun(context, { orderIds, type, days, autoExtend });

  let isShort = false;
  const opened = await openClient(context, {
    onEvent(event) {
      if (event.type === "attempt") isShort = false;
      if (event.type === "finding" && event.finding.path === "quantity") isShort = true;
    },
  });
  const wantsPreview = autoExtend && input.preview !== false;
  const list = known && !wantsPreview ? null : await readOrders(context, opened, { way: withoutList });
  const groups = orderGroups({ orderIds, type, days, list });
  const requests = groups.map((group) => switchRequest(group, autoExtend));
  if (wantsPreview && !input.force) await checkPeriods(context, opened, groups);
  const force = input.force === true;
  const price = wantsPreview ? await previewSwitchingOn(context, opened, { groups, force }) : null;
  if (autoExtend && !input.yes) {
    await confirmSwitchingOn(context, { groups, price, host: opened.connection.host });
  }
  const { switched, failed, resumeAt } = await carryOut(context, opened, {
    groups,
    requests,
    isShort: () => isShort,
  });
  // What came to no certain end may have been done all the same: the state tells.
  const unsure = failed.filter(({ error }) => error.effect !== "none");
  const done = [...switched, ...unsure].map(({ group }) => group);
  if (unsure.length === 0) context.track("none");
  const answered = switched.flatMap(({ answer }) => answer.ipAddressIds ?? []);
  const isRead = input.verify !== false && done.length > 0;
  const read = () => readBack(context, opened, { groups: done, autoExtend, answered });
  const back = isRead ? await (skippedFor(resumeAt) ?? read()) : null;
  // The one call that there was failed, and nothing more is known: that is the whole story.
  const [only] = failed;
  if (only && groups.length === 1 && back === null) throw only.thrown;
  return outcomeOf(context, { switched, failed, price, back, autoExtend });
}

function requireDays({ autoExtend, days }: SwitchInput): void {
  if (autoExtend && days === undefined) throw missing("--days", "the rental period of the orders in days");
}

/** Nothing is read before the end of a pause that the server asks for. */
function skippedFor(resumeAt: string | null): ReadBack | undefined {
  if (resumeAt === null) return undefined;
  return skippedReadBack(`The server asks for no requests before ${resumeAt}.`);
}

const withoutList = "Without the list, give --type, --days and --no-verify; on also needs --no-preview.";

interface DryRun {
  readonly orderIds: readonly string[];
  readonly type: ProxyType | undefined;
  readonly days: number | undefined;
  readonly autoExtend: boolean;
}

async function dryRun(context: Context, { orderIds, type, days, autoExtend }: DryRun): Promise<Outcome> {
  // The list of IP addresses has both, and nothing is to be sent.
  if (type === undefined) throw missing("--type", "the proxy type of the orders, for nothing is sent");
  if (days === undefined) throw missing("--days", "the rental period in days, for nothing is sent");
  const request = switchRequest(onlyGroup({ type, days, orderIds }), autoExtend);
  const { host, transport } = await connectionOf(context);
  context.reach(host);
  const curl = curlCommand(transport.baseUrl, request);
  context.talk(
    "Dry run: nothing was sent. The command reads AUTO_EXTEND_API_KEY; an API key with special characters has to be URL-encoded there.",
  );
  return { result: { dryRun: true, request, curl }, text: () => `${curl}\n` };
}

function onlyGroup(given: { type: ProxyType; days: number; orderIds: readonly string[] }): OrderGroup {
  const { type: proxyType, days: rentPeriodDays, orderIds } = given;
  return { proxyType, rentPeriodDays, orderIds, listed: null };
}

interface Calls {
  readonly groups: readonly OrderGroup[];
  readonly requests: readonly SetAutoExtendRequest[];
  /** Whether the client found the quantity of the latest answer too low. */
  readonly isShort: () => boolean;
}

/**
 * One call for each group. What one group is refused for says nothing of the next, so it is tried all the same, unless
 * the API key is what is refused, or the server asks for a long pause.
 */
async function carryOut(
  context: Context,
  { client }: OpenClient,
  { groups, requests, isShort }: Calls,
): Promise<{ switched: Switched[]; failed: Failed[]; resumeAt: string | null }> {
  const switched: Switched[] = [];
  const failed: Failed[] = [];
  let resumeAt: string | null = null;
  for (const [index, request] of requests.entries()) {
    const group = groups[index] as OrderGroup;
    try {
      const answer: SetAutoExtendResult = await client.setAutoExtend(request, { signal: context.io.signal });
      const done = { group, request, answer, isShort: isShort() };
      for (const note of answerNotes(done)) context.note(note);
      switched.push(done);
    } catch (thrown) {
      if (!isAutoExtendError(thrown)) throw thrown;
      const ending = failureOf(thrown, { effect: thrown.effect, signal: undefined });
      failed.push({ group, request, thrown, ...ending });
      resumeAt = endOfLongPause(thrown);
      if (resumeAt === null && !isUnknownApiKey(thrown)) continue;
      const rest = groups.slice(index + 1).flatMap(({ orderIds }) => orderIds);
      if (rest.length > 0) context.note(notTried(rest.join(", "), resumeAt));
      break;
    }
  }
  return { switched, failed, resumeAt };
}

function isUnknownApiKey(error: unknown): boolean {
  return isApiError(error) && error.code === unknownApiKeyCode;
}

function notTried(orders: string, resumeAt: string | null): string {
  return resumeAt === null
    ? `Not tried, because the API key is refused: ${orders}.`
    : `Not tried, because the server asks for a pause: ${orders}. Switch them after ${resumeAt}.`;
}

/** The last time that a `Date` can hold, in milliseconds since 1970. */
const latestTime = 8.64e15;

/** When a pause ends that the client would not wait for, in ISO 8601; `null` if the server asks for none. */
function endOfLongPause(error: unknown): string | null {
  if (!(isApiError(error) || isHttpError(error))) return null;
  const { retryAfter } = error;
  return retryAfter !== null && retryAfter > longestHold
    ? new Date(Math.min(Date.now() + retryAfter, latestTime)).toISOString()
    : null;
}

interface Done {
  readonly switched: readonly Switched[];
  readonly failed: readonly Failed[];
  readonly price: TotalPrice | null;
  readonly back: ReadBack | null;
  readonly autoExtend: boolean;
}

function outcomeOf(context: Context, { switched, failed, price, back, autoExtend }: Done): Outcome {
  for (const { request, error } of failed) {
    const what = error.effect === "none" ? "Not switched" : "Without a certain answer";
    context.note(`${what}: ${request.orderIds.join(", ")}. ${error.message} ${error.whatToDo}`);
  }
  return {
    exitCode: exitCodeOf({ switched, failed, back }),
    result: {
      dryRun: false,
      preview: price && priceResult(price),
      switched: switched.map(({ request, answer }) => ({ request, answer })),
      failed: failed.map(({ request, error }) => ({ request, error })),
      readBack: back,
    },
    text: () => switchedText(context, { switched, back, autoExtend, isCertain: failed.length === 0 }),
  };
}

/**
 * What nobody knows weighs most. An error after which the state was found as it was asked for has done no harm.
 */
function exitCodeOf({ switched, failed, back }: Pick<Done, "switched" | "failed" | "back">): ExitCode {
  const isVerified = back?.state === "verified";
  const unsure = failed.filter(({ error }) => error.effect !== "none");
  const refused = failed.filter(({ error }) => error.effect === "none");
  if (unsure.length > 0 && !isVerified) return exitCodes.stateUnknown;
  const isUnread = back === null || back.state === "unread";
  if (isUnread && switched.some(({ isShort }) => isShort)) return exitCodes.stateUnknown;
  if (refused[0]) return switched.length + unsure.length > 0 ? exitCodes.mixed : refused[0].exitCode;
  if (back === null || isVerified) return exitCodes.done;
  return back.state === "differs" ? exitCodes.contractBroken : exitCodes.notVerified;
}

function missing(option: string, what: string): Error {
  return usageError(`${option} is missing.`, `Give ${option}, ${what}.`);
}
