import { computed } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { api } from "../api.ts";
import { attempt, isForwarding, isNarrow, showToast, tick } from "../store.ts";
import { Time } from "../ui/controls.tsx";
import { number, plural } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { searchId, useKeys } from "../ui/keys.ts";
import { useVirtualRows } from "../ui/virtual.tsx";
import { held, type LoggedRequest, type LogItem, togglePause } from "./log.ts";
import { badgeOf, kindOf, operationText, reasonOf, subjectOf, whoOf } from "./reading.ts";
import {
  choose,
  chosenKey,
  closeDetail,
  filters,
  heldMatches,
  listed,
  listedRequests,
  noFilters,
  requests,
  setFilters,
  shown,
} from "./selection.ts";

/** The live list of requests, newest first. Only the rows that can be seen are in the document. */

/** Moves the focus to the row of the shown request, as soon as it is there. */
export function focusShown(): void {
  movesFocus = true;
}

/** Whether the focus follows the next choice. */
let movesFocus = false;

const wideRow = 51;
const narrowRow = 69;
const gapRow = 44;

export function List() {
  const scroller = useRef<HTMLDivElement>(null);
  const items = listed.value;
  const size = isNarrow.value ? narrowRow : wideRow;
  const rows = useVirtualRows({
    count: items.length,
    scroller,
    sizeOf: (index) => (items[index]?.kind === "gap" ? gapRow : size),
    keyOf: (index) => items[index]?.key ?? String(index),
  });
  useEffect(() => rows.measure(), [size]);
  useSteadyScroll(scroller, items, size);
  const current = shown.value?.key;
  const currentIndex = items.findIndex(({ key }) => key === current);
  // Scrolls when another request is chosen, not when others arrive.
  useLayoutEffect(() => {
    if (chosenKey.value !== null && currentIndex >= 0) rows.scrollTo(currentIndex);
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
      {held.value.length > 0 && (
        <button class="new" type="button" onClick={togglePause}>
          Resume: {plural(held.value.length, "new request")}
          {heldMatches.value < held.value.length && `, of which ${number(heldMatches.value)} match`}
        </button>
      )}
      {listedRequests.value.length === 0 ? (
        <NoRows />
      ) : (
        <ol class="rows" aria-label="Requests, newest first" style={{ height: `${rows.height}px` }}>
          {rows.items.map(({ index, key, start, size: height }) => {
            const item = items[index];
            if (!item) return null;
            return (
              <li key={key} class="place" style={{ translate: `0 ${start}px`, height: `${height}px` }}>
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

function NoRows() {
  return (
    <p class="more">
      No request matches. {plural(requests.value.length, "request is", "requests are")} hidden by the filters.{" "}
      <button class="link" type="button" onClick={() => setFilters(noFilters)}>
        Clear filters
      </button>
      {filters.value.text !== "" && !isForwarding.value && (
        <>
          , or, since no request shows its API key,{" "}
          <button class="link" type="button" onClick={() => attempt(filterByKey)}>
            search for the account of this key
          </button>
        </>
      )}
    </p>
  );
}

/** Takes the text of the search for an API key. */
async function filterByKey(): Promise<void> {
  const { accounts } = await api.searchAccounts(filters.value.text);
  const [found] = accounts;
  if (found) setFilters({ ...noFilters, account: found.id });
  else showToast("No account has this API key: no request has come with it since the last reset.");
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
    if (node && first.current !== null && first.current !== key && node.scrollTop > 0) {
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

const showsNone = computed(() => shown.value === null);

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
  const [word, code] = badgeOf(entry);
  // Since it reads a signal, a row is drawn again only if what it is given changes.
  const isReachable = showsNone.value ? isFirst : isCurrent;
  return (
    <button
      type="button"
      class={`row ${kind} ${isCopy ? "copy" : ""}`}
      aria-current={isCurrent ? "true" : undefined}
      tabIndex={isReachable ? 0 : -1}
      data-key={key}
      onClick={() => choose(request, true)}
    >
      <span class={`outcome ${kind}`}>
        <Icon name={kind} />
        <span>
          {word} <span class="code-of">{code}</span>
        </span>
      </span>
      <span class="what cut">
        {operationText(entry)} <span class="dim">{subjectOf(entry)}</span>
      </span>
      <span class="meta">
        {entry.origin === "control API" && "control API, "}
        <Time at={entry.arrivedAt} by={tick} />
      </span>
      <span class="why cut">{reasonOf(entry)}</span>
      <span class="meta who cut">{whoOf(entry)}</span>
    </button>
  );
}

const listKeys = {
  p: togglePause,
  c: () => document.querySelector<HTMLElement>("[data-copy-curl]")?.click(),
  Escape: () => closeDetail(),
  Enter: (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).id !== searchId) return;
    // Or the row would be opened as well.
    event.preventDefault();
    document.querySelector<HTMLElement>(".row[aria-current]")?.focus();
  },
  ArrowDown: (event: KeyboardEvent) => move(event, 1),
  ArrowUp: (event: KeyboardEvent) => move(event, -1),
  PageDown: (event: KeyboardEvent) => move(event, 10),
  PageUp: (event: KeyboardEvent) => move(event, -10),
  End: (event: KeyboardEvent) => move(event, Number.POSITIVE_INFINITY),
  Home: (event: KeyboardEvent) => move(event, Number.NEGATIVE_INFINITY),
};

/** Moves through the list, wherever the focus is. */
function move(event: KeyboardEvent, by: number): void {
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
