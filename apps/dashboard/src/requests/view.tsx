import { computed, signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { api, baseUrl } from "../api.ts";
import { attempt, connection, isForwarding, route } from "../store.ts";
import { Button, CopyLine, RealTime, Search, Segments, Select, searchId } from "../ui/controls.tsx";
import { plural } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { useKeys } from "../ui/keys.ts";
import { useVirtualRows } from "../ui/virtual.ts";
import { Detail } from "./detail.tsx";
import {
  forgetLog,
  fresh,
  held,
  isLoaded,
  isPaused,
  type LoggedRequest,
  type LogItem,
  log,
  togglePause,
} from "./log.ts";
import { badgeText, type Kind, kindOf, operationIds, reasonOf, searchTextOf, subjectOf } from "./reading.ts";

/** The requests that came, and one of them in detail. */

interface Filters {
  readonly text: string;
  readonly outcome: Kind | "";
  readonly operation: string;
  readonly account: string;
  readonly fault: string;
}

const noFilters: Filters = { text: "", outcome: "", operation: "", account: "", fault: "" };
const filters = signal(noFilters);
const setFilters = (change: Partial<Filters>) => {
  filters.value = { ...filters.value, ...change };
};

/** The key of the chosen request; until one is chosen, the newest is shown. */
const chosenKey = signal<string | null>(null);
/** Whether a narrow window shows the detail instead of the list. */
const isOpen = signal(false);

const requests = computed(() => log.value.filter((item) => item.kind === "request"));
const listed = computed(() => {
  const wanted = filters.value;
  if (wanted === noFilters) return log.value;
  const text = wanted.text.trim().toLowerCase();
  return log.value.filter((item) => item.kind === "gap" || fits(item, { ...wanted, text }));
});
const listedRequests = computed(() => listed.value.filter((item) => item.kind === "request"));
const shown = computed(
  () => requests.value.find(({ key }) => key === chosenKey.value) ?? listedRequests.value[0] ?? null,
);

function fits({ entry }: LoggedRequest, wanted: Filters): boolean {
  return (
    (wanted.outcome === "" || kindOf(entry) === wanted.outcome) &&
    (wanted.operation === "" || entry.operation === wanted.operation) &&
    (wanted.account === "" || entry.account === wanted.account) &&
    (wanted.fault === "" || entry.fault?.triggers.some(({ name }) => name === wanted.fault) === true) &&
    (wanted.text === "" || searchTextOf(entry).includes(wanted.text))
  );
}

export function RequestsView() {
  useRequestOfUrl();
  useFocusOfStep();
  if (!isLoaded.value) {
    return connection.value.state === "connecting" ? <p class="more">Loading the requests…</p> : null;
  }
  if (log.value.length === 0 && held.value.length === 0) return <NoRequests />;
  return (
    <div class={isOpen.value ? "requests open" : "requests"}>
      <FilterBar />
      <div class="split">
        <List />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that it must be reachable by keyboard. */}
        <section class="detail" aria-label="Request detail" tabIndex={0}>
          {shown.value && <Detail key={shown.value.key} request={shown.value} onBack={close} />}
        </section>
      </div>
    </div>
  );
}

/** Opens the request that the URL names, as soon as the log has it. */
function useRequestOfUrl(): void {
  const wanted = route.value.request;
  const isKnown =
    wanted !== null && requests.value.some(({ entry, isCopy }) => !isCopy && entry.id === wanted);
  useEffect(() => {
    if (wanted === null) return;
    const found = requests.peek().find(({ entry, isCopy }) => !isCopy && entry.id === wanted);
    if (found) choose(found, true);
  }, [wanted, isKnown]);
}

/** In a narrow window, list and detail are two steps: the focus follows. */
function useFocusOfStep(): void {
  const wasOpen = useRef(isOpen.value);
  useLayoutEffect(() => {
    if (wasOpen.current === isOpen.value) return;
    wasOpen.current = isOpen.value;
    if (!narrowWindow.matches) return;
    if (isOpen.value) document.querySelector<HTMLElement>(".back")?.focus();
    else movesFocus = true;
  });
}

function choose(request: LoggedRequest, opens: boolean): void {
  chosenKey.value = request.key;
  if (opens) isOpen.value = true;
  history.replaceState(null, "", `#${request.entry.id}`);
}

function close(): void {
  isOpen.value = false;
}

function FilterBar() {
  const { text, outcome, operation, account, fault } = filters.value;
  const all = requests.value;
  const kinds = countBy(all.map(({ entry }) => kindOf(entry)));
  const segments = [
    ["", "All", all.length],
    ["done", "Done", kinds.get("done") ?? 0],
    ["refused", "Refused", kinds.get("refused") ?? 0],
    ["problem", isForwarding.value ? "Drift" : "Problem", kinds.get("problem") ?? 0],
    ["faulted", "With fault", kinds.get("faulted") ?? 0],
    ...(kinds.has("forwarded") ? [["forwarded", "Forwarded", kinds.get("forwarded") ?? 0] as const] : []),
  ] as const;
  const names = namesIn(all);
  return (
    <div class="bar">
      <Search label="Search requests" value={text} onInput={(value) => setFilters({ text: value })} />
      <Segments
        label="Outcome"
        value={outcome}
        options={segments}
        onChange={(value) => setFilters({ outcome: value })}
      />
      <Select
        label="Operation"
        value={operation}
        options={[["", "All operations"], ...operationIds.map((id) => [id, id] as const)]}
        onChange={(value) => setFilters({ operation: value })}
      />
      {names.accounts.length > 1 && (
        <Select
          label="Account"
          value={account}
          options={[["", "All accounts"], ...names.accounts.map((id) => [id, id] as const)]}
          onChange={(value) => setFilters({ account: value })}
        />
      )}
      {names.faults.length > 0 && (
        <Select
          label="Fault"
          value={fault}
          options={[["", "Any fault"], ...names.faults.map((id) => [id, id] as const)]}
          onChange={(value) => setFilters({ fault: value })}
        />
      )}
      <span class="grow" />
      <Button pressed={isPaused.value} onClick={togglePause}>
        {isPaused.value ? "Resume" : "Pause"}
      </Button>
      <Button changes onClick={clear}>
        Clear
      </Button>
    </div>
  );
}

async function clear(): Promise<void> {
  if (await attempt(api.clearRequests)) forgetLog();
  chosenKey.value = null;
  isOpen.value = false;
  if (route.value.request !== null) history.replaceState(null, "", "#requests");
}

function countBy<Value>(values: readonly Value[]): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function namesIn(all: readonly LoggedRequest[]): { accounts: string[]; faults: string[] } {
  const accountNames = new Set<string>();
  const faultNames = new Set<string>();
  for (const { entry } of all) {
    if (entry.account !== null) accountNames.add(entry.account);
    for (const { name } of entry.fault?.triggers ?? []) faultNames.add(name);
  }
  return { accounts: [...accountNames].sort(), faults: [...faultNames].sort() };
}

/** Whether the focus follows the next choice. */
let movesFocus = false;

const wideRow = 51;
const narrowRow = 69;
const gapRow = 44;
const narrowWindow = matchMedia("(max-width: 820px)");

function List() {
  const scroller = useRef<HTMLDivElement>(null);
  const items = listed.value;
  const size = narrowWindow.matches ? narrowRow : wideRow;
  const rows = useVirtualRows({
    count: items.length,
    scroller,
    sizeOf: (index) => (items[index]?.kind === "gap" ? gapRow : size),
    keyOf: (index) => items[index]?.key ?? String(index),
  });
  useEffect(() => {
    narrowWindow.addEventListener("change", rows.measure);
    return () => narrowWindow.removeEventListener("change", rows.measure);
  }, [rows.measure]);
  useSteadyScroll(scroller, items, size);
  const current = shown.value?.key;
  const currentIndex = items.findIndex(({ key }) => key === current);
  // Scrolls when another request is chosen, not when others arrive.
  useLayoutEffect(() => {
    if (chosenKey.value === null || currentIndex < 0) return;
    rows.scrollTo(currentIndex);
  }, [chosenKey.value]);
  useLayoutEffect(() => {
    // A list that was hidden has no rows until it was measured.
    if (!movesFocus || scroller.current?.clientHeight === 0) return;
    const row = scroller.current?.querySelector<HTMLElement>(".row[aria-current]");
    if (!row) return rows.scrollTo(currentIndex);
    row.focus();
    movesFocus = false;
  });
  useKeys(listKeys);
  return (
    <div class="list" ref={scroller}>
      {isPaused.value && held.value.length > 0 && (
        <button class="new" type="button" onClick={togglePause}>
          Show {plural(held.value.length, "new request")}
        </button>
      )}
      {listedRequests.value.length === 0 ? (
        <p class="more">
          No request matches. {plural(requests.value.length, "request is", "requests are")} hidden by the
          filters.{" "}
          <button class="link" type="button" onClick={() => setFilters(noFilters)}>
            Clear filters
          </button>
        </p>
      ) : (
        <ol aria-label="Requests, newest first" style={{ height: `${rows.height}px` }}>
          {rows.items.map(({ index, key, start, size: height }) => {
            const item = items[index];
            if (!item) return null;
            return (
              <li key={key} style={{ transform: `translateY(${start}px)`, height: `${height}px` }}>
                {item.kind === "gap" ? (
                  <p class="gap">{item.text}</p>
                ) : (
                  <Row request={item} isCurrent={item.key === current} isFirst={index === 0} />
                )}
              </li>
            );
          })}
        </ol>
      )}
    </div>
  );
}

/** Keeps the rows that are read in their place while others are added above them. */
function useSteadyScroll(
  scroller: RefObject<HTMLElement | null>,
  items: readonly LogItem[],
  size: number,
): void {
  const first = useRef<string | null>(null);
  useLayoutEffect(() => {
    const node = scroller.current;
    const key = items[0]?.key ?? null;
    if (node && node.scrollTop > 0 && first.current !== null && first.current !== key) {
      node.scrollTop +=
        size *
        Math.max(
          0,
          items.findIndex((item) => item.key === first.current),
        );
    }
    first.current = key;
  });
}

function Row({
  request,
  isCurrent,
  isFirst,
}: {
  request: LoggedRequest;
  isCurrent: boolean;
  isFirst: boolean;
}) {
  const { entry, key, isCopy } = request;
  const kind = kindOf(entry);
  const isReachable = isCurrent || (isFirst && shown.value === null);
  return (
    <button
      type="button"
      class={`row ${kind} ${fresh.value.has(key) ? "fresh" : ""} ${isCopy ? "copy" : ""}`}
      aria-current={isCurrent ? "true" : undefined}
      tabIndex={isReachable ? 0 : -1}
      data-key={key}
      onClick={() => choose(request, true)}
    >
      <Badge kind={kind} text={badgeText(entry)} />
      <span class="what cut">
        {entry.operation ?? "Unknown path"} <span class="dim">{subjectOf(entry)}</span>
      </span>
      <span class="meta">
        <RealTime at={entry.arrivedAt} />
      </span>
      <span class="why cut">{reasonOf(entry)}</span>
      <span class="meta who cut">
        {entry.origin === "client" ? (entry.account ?? "no account") : "control API"}
      </span>
    </button>
  );
}

function Badge({ kind, text }: { kind: Kind; text: string }) {
  return (
    <span class={`outcome ${kind}`}>
      <Icon name={kind} />
      {text}
    </span>
  );
}

const listKeys = {
  p: togglePause,
  c: () => document.querySelector<HTMLElement>("[data-copy-curl]")?.click(),
  Escape: () => isOpen.value && close(),
  ArrowDown: (event: KeyboardEvent) => move(event, 1),
  ArrowUp: (event: KeyboardEvent) => move(event, -1),
};

/** Moves through the list, wherever the focus is. */
function move(event: KeyboardEvent, by: 1 | -1): void {
  const target = event.target as HTMLElement;
  if (target.closest(".detail")) return;
  const list = listedRequests.peek();
  const at = list.findIndex(({ key }) => key === shown.peek()?.key);
  const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
  if (!next) return;
  event.preventDefault();
  movesFocus = target.id !== searchId;
  choose(next, false);
}

const sample = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true };

function NoRequests() {
  if (isForwarding.value) return <NoForwardedRequests />;
  const url = `${baseUrl}/client/api/v1/any-key/extend/order/auto`;
  const curl = `curl -s ${url} \\\n  -H 'content-type: application/json' \\\n  -d '${JSON.stringify(sample)}'`;
  return (
    <div class="empty">
      <div>
        <h2>No requests yet</h2>
        <p class="dim">
          The mock is running. Requests appear here as they come, each with the reason for its answer.
        </p>
      </div>
      <ol class="steps">
        <li>
          <p>
            Point your code at this base URL. Any API key works, unless the mock was started with --api-key.
          </p>
          <CopyLine text={baseUrl} label="base URL" />
        </li>
        <li>
          <p>Or send one from a shell:</p>
          <CopyLine text={curl} />
        </li>
        <li>
          <p>Or send it from here, and see what a request looks like.</p>
          <Button changes kind="primary" onClick={() => attempt(() => sendSample(url))}>
            Send a request
          </Button>
        </li>
      </ol>
      <p class="dim">
        Lines for the CLI, the client, PHP, Python and Go are in <a href="#connect">World and connect</a>.
      </p>
    </div>
  );
}

/** Without a request to try: it would reach a real server. */
function NoForwardedRequests() {
  return (
    <div class="empty">
      <div>
        <h2>No requests yet</h2>
        <p class="dim">The mock forwards requests to another server. Point your code at this base URL:</p>
      </div>
      <CopyLine text={baseUrl} label="base URL" />
    </div>
  );
}

/** Sends the same request as the command above it. */
async function sendSample(url: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  await fetch(url, { method: "POST", headers, body: JSON.stringify(sample) });
}

/** For the line at the bottom of the page. */
export function requestsSummary(): string {
  const all = requests.value.length;
  if (all === 0) return "No requests yet";
  const listedCount = listedRequests.value.length;
  return listedCount === all
    ? plural(all, "request")
    : `${plural(listedCount, "request")} of ${plural(all, "request")}`;
}
