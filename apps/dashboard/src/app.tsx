import type { FunctionComponent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { baseUrl } from "./api.ts";
import { FaultsView } from "./faults/view.tsx";
import { tryNow, useToken } from "./live.ts";
import { MoneyView } from "./money/view.tsx";
import { OrdersView, ordersSummary } from "./orders/view.tsx";
import { isPaused } from "./requests/log.ts";
import { RequestsView, requestsSummary } from "./requests/view.tsx";
import {
  clock,
  connection,
  faults,
  hideChange,
  isForwarding,
  lastChange,
  loss,
  now,
  route,
  showsAccount,
  tick,
  toast,
  type View,
  views,
} from "./store.ts";
import { Button, CopyLine, Form, Notice } from "./ui/controls.tsx";
import { ask } from "./ui/dialog.tsx";
import { exactTime, plural, shortDate, shortTime } from "./ui/format.ts";
import { searchId, useKeys } from "./ui/keys.ts";
import { WorldView } from "./world/view.tsx";

/** The frame around every view: the bar, the state of the connection, and the keys that work everywhere. */
export function App() {
  useKeys({ ...viewKeys, "/": focusSearch, "?": showHelp });
  const isLocked = connection.value.state === "token" || connection.value.state === "refused";
  const { Shown, summary } = shownViews[route.value.view];
  return (
    <>
      <button class="skip" type="button" onClick={skip}>
        Skip to content
      </button>
      <header class="top">
        <h1 class="brand">
          <Mark />
          <span class="cut">auto-extend mock</span>
        </h1>
        <Tabs />
        <Status />
      </header>
      <Banner />
      <main id="main" tabIndex={-1} key={route.value.view}>
        {isLocked ? <Locked /> : isForwarding.value && showsAccount.value ? <NoAccounts /> : <Shown />}
      </main>
      <LastChange />
      <footer class="foot">{isLocked ? "" : summary()}</footer>
      <div class="toast" role="status">
        {toast.value}
      </div>
    </>
  );
}

/** As in favicon.svg: an image of its own would take longer to load than the rest of this bar. */
function Mark() {
  return (
    <svg width={18} height={18} viewBox="0 0 16 16" aria-hidden="true">
      <rect width="16" height="16" rx="4" fill="#3b53c9" />
      <path d="M4 8h6m-2-3 3 3-3 3" fill="none" stroke="#fff" stroke-width="1.8" />
    </svg>
  );
}

function NoAccounts() {
  return (
    <Notice title="This mock has no orders, no clock and no money">
      It forwards requests to another server. Start one without an upstream to see orders and renewals here.
    </Notice>
  );
}

/** The last change, below the orders, until it is closed. */
function LastChange() {
  return (
    <div role="status">
      {lastChange.value && route.value.view === "orders" && (
        <div class="banner note change">
          <span class="grow">{lastChange.value}</span>
          <Button kind="quiet" label="Close" onClick={hideChange}>
            ✕
          </Button>
        </div>
      )}
    </div>
  );
}

/** The hash names the view, so that a link to an element would leave it. */
function skip(): void {
  document.getElementById("main")?.focus();
}

/** Each view, and the line at the bottom of the page. */
const shownViews: Readonly<Record<View, { readonly Shown: FunctionComponent; summary(): string }>> = {
  requests: { Shown: RequestsView, summary: requestsSummary },
  orders: { Shown: OrdersView, summary: ordersSummary },
  money: { Shown: MoneyView, summary: () => "Times are UTC, by the mock’s clock" },
  faults: { Shown: FaultsView, summary: () => `${plural(faults.value.length, "fault")} queued` },
  connect: { Shown: WorldView, summary: () => `Listening on ${baseUrl}` },
};

function Tabs() {
  const queued = faults.value.length;
  return (
    <nav class="tabs" aria-label="Views">
      {views.map(({ id, name, short }) => (
        <a key={id} href={`#${id}`} aria-current={route.value.view === id ? "page" : undefined}>
          <span class="hide-s">{name}</span>
          <span class="short">{short}</span>
          {id === "faults" && queued > 0 && (
            <span class="count" title={`${plural(queued, "fault")} queued`}>
              {queued}
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}

/** Each state of the connection as a word, and how it looks. */
const states = {
  connecting: ["Connecting", "paused"],
  live: ["Live", ""],
  paused: ["Paused", "paused"],
  gone: ["Disconnected", "gone"],
  token: ["Locked", "paused"],
  refused: ["Refused", "gone"],
};

function Status() {
  const { state } = connection.value;
  const isShownPaused = state === "live" && isPaused.value && route.value.view === "requests";
  const [text, style] = states[isShownPaused ? "paused" : state];
  const time = clock.value;
  return (
    <div class={`status ${style}`}>
      <span class="mono url">{new URL(baseUrl).host}</span>
      {time && (
        <a href="#money" title={`The mock’s clock: ${exactTime(now.value)}`}>
          {shortDate(now.value, tick.value)}, {shortTime(now.value)}
          {time.frozen ? " frozen" : ""}
        </a>
      )}
      <span class={`live ${style}`} role="status">
        <i />
        {text}
      </span>
      <Button kind="quiet" label="Keyboard help" onClick={showHelp}>
        ?
      </Button>
    </div>
  );
}

function Banner() {
  const state = connection.value;
  if (state.state === "live" && loss.value !== null) return <Loss />;
  if (state.state !== "gone") return null;
  const age = Math.max(0, Math.round((tick.value - state.since) / 1000));
  const wait = Math.max(0, Math.ceil((state.nextTry - tick.value) / 1000));
  const port = new URL(baseUrl).port || "80";
  return (
    <section class="banner" aria-label="Connection">
      <strong>The mock does not answer.</strong>
      <span>
        Last update {age} s ago. {wait > 0 ? `Next try in ${wait} s.` : "Trying…"}
      </span>
      <Button kind="quiet" onClick={tryNow}>
        Try now
      </Button>
      <span>Not running? Start it as before, or in a clone of the toolkit:</span>
      <CopyLine text={`npx @auto-extend/mock-server --port ${port}`} />
    </section>
  );
}

function Loss() {
  return (
    <section class="banner note" aria-label="Connection">
      <span role="status">Connected again. {loss.value}</span>
      <Button
        kind="quiet"
        onClick={() => {
          loss.value = null;
        }}
      >
        Dismiss
      </Button>
    </section>
  );
}

/** Asks for the control token, or says why the mock refuses this page. */
function Locked() {
  const state = connection.value;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  if (state.state === "refused") {
    return (
      <Notice title="The mock refuses this page">
        <p>{state.reason}</p>
        <Button onClick={tryNow}>Try again</Button>
      </Notice>
    );
  }
  if (state.state !== "token") return null;
  return (
    <Form class="empty token" onSubmit={(fields) => useToken(String(fields.get("token")).trim())}>
      <h2>This mock needs its control token</h2>
      <p class="dim">
        The mock printed it at its start, unless you chose one with --control-token. The page keeps it until
        this tab is closed.
      </p>
      {state.wasRefused && (
        <p class="bad" role="alert">
          The mock does not accept this token.
        </p>
      )}
      <label for="token">Control token</label>
      <div class="fld">
        <input
          id="token"
          name="token"
          ref={field}
          type="password"
          autocomplete="off"
          required
          pattern="\s*[\x21-\x7e]+\s*"
          title="A control token contains only printable ASCII characters, without spaces: copy it again."
        />
        <Button kind="primary" type="submit">
          Unlock
        </Button>
      </div>
    </Form>
  );
}

const keys = [
  ["↑ ↓", "move through the list or table"],
  ["← →", "move between the controls of a row or group"],
  ["Enter", "open the request (narrow window); from the search to what it found"],
  ["Esc", "back to the list; leave the search"],
  ["/", "search"],
  ["c", "copy the request as curl"],
  ["p", "pause or resume the list"],
  ["1 … 5", "switch the view"],
  ["?", "this help"],
] as const;

function showHelp(): void {
  const body = (
    <dl>
      {keys.map(([key, text]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
  void ask({ title: "Keyboard", body, answers: [] });
}

const viewKeys = Object.fromEntries(
  views.map(({ id }, index) => [
    String(index + 1),
    () => {
      location.hash = id;
    },
  ]),
);

function focusSearch(event: KeyboardEvent): void {
  event.preventDefault();
  document.getElementById(searchId)?.focus();
}
