import type { operations, ProxyType, Redactor, Rule, TransportError } from "@auto-extend/core";
import type { Fault } from "./faults/fault.js";
import type { Decision, Drift, FaultTrigger, FieldIssue, OrderChange } from "./log/schemas.js";
import type { AccountState, IpAddressState, RenewalRules } from "./state/world.js";

/** The values that pass between the steps of a request, and between the folders of the engine. */

export interface EngineRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes; `too-large` if there were more than the mock accepts. */
  readonly body: Uint8Array | "too-large";
  /** Capabilities that the channel lacks: faults that need them are refused (default: none). */
  readonly unsupported?: ReadonlySet<Capability>;
  /** Take order IDs literally, even if they look like a fault. */
  readonly literalOrderIds?: boolean;
  /**
   * The account that sends the request, if the channel knows it: the API key in the path is then not looked at. `null` if
   * no account stands behind any API key, since another server decides.
   */
  readonly account?: string | null;
  /** The path and query to log (default: those of the request, without API keys). */
  readonly shownTarget?: string;
  /** Who sends it, if it is not a client of the API (default: such a client). */
  readonly origin?: "control API";
  /** Whether the channel can send a long answer in parts, so that other requests need not wait for all of it (default: false). */
  readonly takesParts?: boolean;
}

/** A capability that not every channel has: reset a connection, close it after the answer, compress. */
export type Capability = "reset" | "close-after" | "gzip";

export interface EngineReply {
  readonly status: number;
  /** Lower-case names and values alternating, as in Node's `rawHeaders`. The channel adds the content length. */
  readonly headers: string[];
  readonly body: string | Uint8Array;
  /** The text of a long body, in parts that are written when they are taken; `body` is then empty. */
  readonly parts?: Iterable<string> | undefined;
  /** How to send it (default: at once and in one piece). */
  readonly delivery?: Delivery | undefined;
  /** Called when the answer was sent, or can no longer be sent. */
  readonly release?: (() => void) | undefined;
}

export interface Delivery {
  /** How long to wait before anything is sent, in milliseconds. */
  readonly delay: number;
  /** Whether to compress the body, or only to claim so. */
  readonly gzip: "whole" | "broken" | null;
  readonly ending: Ending;
}

/** How an answer ends. */
export type Ending =
  | { readonly how: "whole" }
  | { readonly how: "reset" | "close" | "hang"; readonly at: "before" | "middle" | "after" }
  | { readonly how: "drip"; readonly bytes: number; readonly everyMs: number };

/** One request while it is being answered: the results of steps 1 to 4. The log copies what it retains of it. */
export interface Exchange {
  /** The number of the request since the mock was started, from 1; its ID is `request-1`. */
  readonly number: number;
  /** By the mock's clock, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** By the machine's clock, in milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly request: EngineRequest;
  readonly route: Route;
  readonly caller: Caller;
  readonly input: Input;
  /** The faults of this request; `null` for nearly all requests. */
  readonly plan: Plan | null;
  /** Must be called once the request is over, if it counts against a limit. */
  readonly release: (() => void) | undefined;
  /** Whether its own header asks for no fault (default: false). */
  readonly asksForNoFault?: boolean | undefined;
  /** Why the request never reaches the rules: the first problem that steps 1, 3 and 4 found. */
  readonly problem: EngineProblem | undefined;
}

export type ServedOperation = (typeof operations)[number];

export type Route = {
  /** The API key in the path; empty if no part of it could be one. */
  readonly apiKey: string;
  /** Path and query without API keys. */
  readonly shownTarget: string;
  /** Parts of the path and query that could be API keys in the wrong place. */
  readonly secrets: readonly string[];
} & (
  | { readonly operation: ServedOperation; readonly handler: Handler; readonly problem: undefined }
  | { readonly operation: null; readonly handler: null; readonly problem: EngineProblem }
);

export interface Caller {
  /** `null` if the API key is unknown. */
  readonly accountId: string | null;
  /** Why the API key is unknown; `undefined` if it is known. */
  readonly keyIssue: FieldIssue | undefined;
  /** Removes the caller's API key from texts. */
  readonly redactor: Redactor;
}

/** The result of step 3: the body or query as JSON text and as a value, which is `undefined` if there is a problem. */
export interface Input {
  readonly text: string;
  readonly value: unknown;
  readonly problem: EngineProblem | undefined;
  /** A remark for the log if the text is not all that was sent, as a sentence. */
  readonly note?: string | undefined;
}

/** The result of step 4: everything that will go wrong with one request. It is frozen and shared with no other request. */
export interface Plan {
  /** The faults, and what requested each of them. */
  readonly triggers: readonly FaultTrigger[];
  /** The combined fault, except for its changes of the answer. */
  readonly fault: Omit<Fault, "answer">;
  /** Its changes of the answer, in the order in which they are made. */
  readonly changes: readonly AnswerChange[];
  /** The change that demands an error, if one does. */
  readonly refusal: AnswerChange | undefined;
  /** The name of the fault that each primitive was taken from. */
  readonly origin: Readonly<Partial<Record<keyof Fault, string>>>;
  /** How long the answer is held back, in milliseconds. */
  readonly delay: number;
  /** Whether the request is over a limit. */
  readonly isRateLimited: boolean;
  /** Whether it names magic orders. */
  readonly hasMagicOrders: boolean;
}

/** A change of the answer, and the fault that asks for it. */
export interface AnswerChange extends FaultTrigger {
  readonly answer: NonNullable<Fault["answer"]>;
  /** Whether the fault does nothing else. */
  readonly isAll: boolean;
}

/** The result of step 5: the decision and the finished answer, checked against the contract. Nothing has changed yet. */
export interface Resolution {
  readonly decision: Decision;
  readonly answer: Answer;
  readonly switches: readonly Switch[];
  /** How to log the exchange (default: everything except the API key). */
  readonly logRedaction?: LogRedaction | undefined;
  /** Faults that changed nothing about the answer, or all faults of a request that was refused because of them (default: none). */
  readonly withdrawn?: readonly FaultTrigger[] | "all" | undefined;
  /** The fields of the answer that its faults changed, as JSON (default: none). */
  readonly altered?: string | undefined;
  /** How a forwarded exchange differs from the contract. */
  readonly drift?: readonly Drift[] | undefined;
}

/** An answer before it is delivered; its headers may be shared between answers. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
  /** As in {@link EngineReply}. */
  readonly parts?: Iterable<string> | undefined;
}

/** A request that never reaches the provider's rules, and why. */
export interface EngineProblem {
  readonly error: Pick<TransportError, "id" | "status" | "title" | "detail">;
  /** The place in this very request that is at fault. */
  readonly issue?: FieldIssue | undefined;
  /** The reason, to follow what is wrong in the first sentence (default: the message of the issue). */
  readonly remark?: string | undefined;
  /** Names and values alternating. */
  readonly headers?: readonly string[];
  /** Members of the problem document beyond the standard ones. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export type Envelope = Readonly<Record<string, unknown>> & { readonly success: boolean };

/** The provider's error in a failure. */
export interface ApiError {
  readonly code: number;
  readonly message: string;
}

/** The decision by the rules of an operation alone. */
export interface Ruling extends Pick<Resolution, "decision" | "switches"> {
  readonly envelope: Envelope;
  /** The whole answer in parts, each written when it is taken, if `envelope` is only a sample of it; and what the log retains. */
  readonly long?: { readonly parts: Iterable<string>; readonly beginning: unknown } | undefined;
}

/** Who sent a request, and when. */
export interface DecisionContext {
  readonly caller: Caller;
  readonly account: Account | undefined;
  /** By the mock's clock, in ISO 8601. */
  readonly now: string;
  /** Whether a long answer may be left in parts. */
  readonly inParts: boolean;
}

export interface Handler {
  /** Decides without changing anything. Throws if the mock's own answer breaks the contract. */
  decide(sent: unknown, context: DecisionContext): Ruling;
  /** Creates the envelope of a refusal, and checks it against the contract. */
  refuse(sent: unknown, error: ApiError, context: Pick<DecisionContext, "caller" | "account">): Envelope;
  /** The rule that checks a field of the request, if there is one. */
  ruleOf(field: string): Rule | undefined;
}

/** One account as the rules read it. */
export interface Account extends Readonly<Omit<AccountState, "orders">> {
  readonly orders: Orders;
}

export interface Orders {
  get(orderId: string): Order | undefined;
  /** The IP address with this ID, and its order. */
  ofIpAddress(ipAddressId: string): PlacedIpAddress | undefined;
  /** All of them, in the order in which they were put in. */
  values(): Iterable<Order>;
}

/** One order as the rules read it. It is a value: a change puts another in its place. */
export interface Order {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  readonly ipAddresses: readonly Readonly<IpAddressState>[];
}

export interface PlacedIpAddress {
  readonly order: Order;
  readonly ipAddress: Readonly<IpAddressState>;
}

/** A switch of one order, or of some of its IP addresses. */
export interface Switch {
  readonly orderId: string;
  /** The IP addresses to switch (default: all). */
  readonly ipAddressIds?: ReadonlySet<string> | undefined;
  /** Only those that have not expired by then, in ISO 8601. */
  readonly runningAt: string;
  readonly autoExtend: boolean;
  /** The rental period to store, in days; `null` leaves the stored one. */
  readonly rentPeriodDays: number | null;
}

/** One IP address of an order, and an earlier state of it, which no request could restore. */
export type RestoredAddress = Readonly<
  Required<Pick<IpAddressState, "ipAddressId" | "autoExtend" | "rentPeriodDays" | "failedAt">>
>;

/** An order after a switch, and how it changed. */
export interface SwitchedOrder {
  readonly order: Order;
  readonly change: OrderChange;
}

/** How to log an exchange that may contain more secrets, or more data, than the log should retain. */
export interface LogRedaction {
  /** Replaces the path and query. */
  readonly path?: string;
  /** Redacts the request's body or query. */
  readonly sent?: (text: string) => string;
  /** Redacts the answer's body. */
  readonly answered: (text: string) => string;
  /** Whether another server made the answer: its headers may contain secrets under any name. */
  readonly isFromUpstream?: boolean;
}

/** An engine's state as a plain JSON value, for whoever persists it. It contains no API key. */
export interface SavedEngine {
  readonly version: 2;
  /** How far ahead of the machine's time it is, and the time since 1970 at which it is frozen (or `null`), in milliseconds. */
  readonly clock: { readonly ahead: number; readonly frozenAt: number | null };
  /** Up to when time has passed for the accounts, in milliseconds since 1970. */
  readonly advancedTo: number;
  readonly renewals: RenewalRules;
  readonly accounts: readonly AccountState[];
  /** The ID of the account that is only a template; `null` once a request has used it. */
  readonly template: string | null;
  /** The IDs of the accounts that were made for new API keys. */
  readonly copies: readonly string[];
  /** The named accounts by the hashes of their API keys. */
  readonly keyHashes: Readonly<Record<string, string>>;
}
