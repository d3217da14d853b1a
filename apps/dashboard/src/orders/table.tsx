import { useEffect, useRef, useState } from "preact/hooks";
import type { Address, Order, OrderDetail, OrderQuery } from "../api.ts";
import { account, canWrite, now } from "../store.ts";
import { Time, Waiting } from "../ui/controls.tsx";
import { money, number, relative, shortDate, shortTime } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { useArrowKeys } from "../ui/keys.ts";
import { useVirtualRows } from "../ui/virtual.ts";
import { type OrderPages, type Totals, useOpenOrders, useOrderPages } from "./pages.ts";
import { askForPeriod, flipAddress, flipOrder } from "./switching.tsx";

/** The table of orders, each of which opens into its addresses. Only the rows that can be seen are in the document. */

export type Sort = NonNullable<OrderQuery["sort"]>;

interface TableProps {
  readonly accountId: string;
  readonly query: OrderQuery;
  readonly revision: number;
  readonly onSort: (by: Sort) => void;
  readonly onTotals: (totals: Totals | null) => void;
  /** Clears the filters, if there are any. */
  readonly onClear: (() => void) | null;
}

export const columns: readonly { by: Sort | null; text: string; isNumber?: boolean }[] = [
  { by: "orderId", text: "Order" },
  { by: "proxyType", text: "Type" },
  { by: "addresses", text: "Addresses", isNumber: true },
  { by: "state", text: "Auto-extend" },
  { by: "endsAt", text: "Ends" },
  { by: null, text: "Outlook" },
  { by: "rentPeriods", text: "Period", isNumber: true },
  { by: "renewalPrice", text: "Renewal price", isNumber: true },
];

export function OrderTable({ accountId, query, revision, onSort, onTotals, onClear }: TableProps) {
  const pages = useOrderPages(accountId, query, revision);
  const [openIds, setOpenIds] = useState<ReadonlySet<string>>(new Set());
  const layout = layoutOf(pages, useOpenOrders(accountId, openIds, revision));
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMedia("(max-width: 820px)");
  const rows = useVirtualRows({
    count: layout.count,
    scroller,
    sizeOf: (index) => heightOf(layout.at(index), isNarrow),
    keyOf: (index) => keyOf(layout.at(index)),
  });
  // Heights depend on these.
  useEffect(() => rows.measure(), [isNarrow, layout.signature, pages.totals?.total]);
  useArrowKeys(scroller, "[role=row]");
  const first = layout.at(rows.items[0]?.index ?? 0).index;
  const last = layout.at(rows.items.at(-1)?.index ?? 0).index;
  useEffect(() => pages.need(first, last));
  useEffect(() => onTotals(pages.totals), [pages.totals]);
  const search = query.search?.trim().toLowerCase() ?? "";
  const target = useFound(pages, search, setOpenIds);
  const targetRow = layout.rowOf(target);
  useEffect(() => {
    if (targetRow >= 0) rows.scrollTo(targetRow);
  }, [target, targetRow]);

  function toggle(orderId: string): void {
    const next = new Set(openIds);
    if (!next.delete(orderId)) next.add(orderId);
    setOpenIds(next);
  }

  function rowOf({ order, address, detail }: LayoutRow) {
    if (address && detail) {
      return <AddressRow order={detail} address={address} isFound={isIn(address, search)} />;
    }
    if (!order) return <LoadingRow />;
    return <OrderRow order={order} isOpen={openIds.has(order.orderId)} onToggle={toggle} />;
  }

  return (
    <div class="tablewrap" ref={scroller}>
      <div role="table" aria-label="Orders" aria-rowcount={pages.totals?.total ?? -1} class="orders">
        <div role="rowgroup" class="head">
          <div role="row" class="cells">
            {columns.map((column) => (
              <Heading key={column.text} {...column} query={query} onSort={onSort} />
            ))}
          </div>
        </div>
        <div role="rowgroup" class="body" style={{ height: `${rows.height}px` }}>
          {rows.items.map(({ index, key, start, size }) => (
            <div
              key={key}
              class="place"
              role="presentation"
              style={{ transform: `translateY(${start}px)`, height: `${size}px` }}
            >
              {rowOf(layout.at(index))}
            </div>
          ))}
        </div>
      </div>
      {pages.totals === null ? (
        <Waiting for="the orders" problem={pages.problem} />
      ) : (
        pages.problem !== null && <p class="more bad">{pages.problem}</p>
      )}
      {pages.totals?.total === 0 && (
        <p class="more">
          {onClear ? "No order matches. " : "This account has no current orders. "}
          {onClear ? (
            <button class="link" type="button" onClick={onClear}>
              Clear filters
            </button>
          ) : (
            <a href="#connect">Load or generate a world</a>
          )}
        </p>
      )}
    </div>
  );
}

const maxFound = 5;

/**
 * Opens the first few orders whose addresses a search finds. An address that is the text as a whole comes first.
 *
 * @returns the ID of the first of these addresses; empty if the search finds no address.
 */
function useFound(pages: OrderPages, search: string, open: (orderIds: ReadonlySet<string>) => void): string {
  const done = useRef("");
  const [target, setTarget] = useState("");
  useEffect(() => {
    if (!pages.isCurrent || done.current === search) return;
    done.current = search;
    const found = pages.firstPage().filter(({ foundAddressId }) => foundAddressId !== null);
    open(new Set(found.slice(0, maxFound).map(({ orderId }) => orderId)));
    setTarget(found[0]?.foundAddressId ?? "");
  });
  return target;
}

function isIn({ ip, ipAddressId }: Address, search: string): boolean {
  return search !== "" && (ip.includes(search) || ipAddressId.toLowerCase().includes(search));
}

interface HeadingProps {
  readonly by: Sort | null;
  readonly text: string;
  readonly isNumber?: boolean;
  readonly query: OrderQuery;
  readonly onSort: (by: Sort) => void;
}

function Heading({ by, text, isNumber, query: { sort, descending }, onSort }: HeadingProps) {
  const isSorted = sort === by;
  return (
    <div
      role="columnheader"
      class={isNumber ? "num" : ""}
      aria-sort={isSorted ? (descending ? "descending" : "ascending") : undefined}
    >
      {by === null ? (
        text
      ) : (
        <button type="button" onClick={() => onSort(by)}>
          {text}
          {isSorted && (descending ? " ↓" : " ↑")}
        </button>
      )}
    </div>
  );
}

/** One row: an order that may still be loading, or an address of the order above. */
interface LayoutRow {
  /** The place of the order in the list. */
  readonly index: number;
  readonly order?: Order | undefined;
  readonly detail?: OrderDetail;
  readonly address?: Address | undefined;
}

interface Layout {
  readonly count: number;
  /** Changes when rows move. */
  readonly signature: string;
  at(row: number): LayoutRow;
  /** The row of an address; -1 if it has none. */
  rowOf(ipAddressId: string): number;
}

/** Puts the addresses of open orders below them. */
function layoutOf(pages: OrderPages, details: ReadonlyMap<string, OrderDetail>): Layout {
  const total = pages.totals?.total ?? 0;
  const open: { index: number; detail: OrderDetail; rows: number }[] = [];
  for (let index = 0; details.size > 0 && index < total; index += 1) {
    const detail = details.get(pages.at(index)?.orderId ?? "");
    if (detail) open.push({ index, detail, rows: detail.ipAddresses.length });
  }
  return {
    count: total + open.reduce((sum, { rows }) => sum + rows, 0),
    signature: open.map(({ index, rows }) => `${index}:${rows}`).join(),
    at(row) {
      let above = 0;
      for (const { index, detail, rows } of open) {
        const place = row - above - index - 1;
        if (place < 0) break;
        if (place < rows) return { index, detail, address: detail.ipAddresses[place] };
        above += rows;
      }
      return { index: row - above, order: pages.at(row - above) };
    },
    rowOf(ipAddressId) {
      let above = 0;
      for (const { index, detail, rows } of open) {
        const place = detail.ipAddresses.findIndex((address) => address.ipAddressId === ipAddressId);
        if (place >= 0) return index + above + place + 1;
        above += rows;
      }
      return -1;
    },
  };
}

const heights = { wide: 32, narrow: 74, address: 30 };

function heightOf({ address }: LayoutRow, isNarrow: boolean): number {
  if (address) return heights.address;
  return isNarrow ? heights.narrow : heights.wide;
}

function keyOf({ index, order, detail, address }: LayoutRow): string {
  if (detail && address) return `${detail.orderId}/${address.ipAddressId}`;
  return order?.orderId ?? `row-${index}`;
}

function LoadingRow() {
  return (
    <div role="row" class="cells">
      <div role="cell" class="dim">
        Loading…
      </div>
    </div>
  );
}

const checked = { on: "true", off: "false", mixed: "mixed", expired: "false" } as const;

interface OrderRowProps {
  readonly order: Order;
  readonly isOpen: boolean;
  readonly onToggle: (orderId: string) => void;
}

function OrderRow({ order, isOpen, onToggle }: OrderRowProps) {
  const { orderId, proxyType, state, endsAt, renewalPrice } = order;
  const isDim = state === "off" || state === "expired";
  return (
    <div role="row" class={`cells order ${state}`}>
      <div role="cell" class="c-id mono cut" title={orderId}>
        <button
          class="expand"
          type="button"
          aria-expanded={isOpen}
          aria-label={`Addresses of order ${orderId}`}
          onClick={() => onToggle(orderId)}
        >
          <Icon name={isOpen ? "open" : "closed"} />
          {orderId}
        </button>
      </div>
      <div role="cell" class="c-type">
        {proxyType}
      </div>
      <div role="cell" class="c-count num">
        {number(order.addresses)}
        <span class="small-only"> {order.addresses === 1 ? "address" : "addresses"}</span>
      </div>
      <div role="cell" class="c-switch">
        {state === "expired" ? (
          <span class="dim">expired</span>
        ) : (
          <>
            <button
              type="button"
              class="switch"
              role="checkbox"
              aria-checked={checked[state]}
              aria-label={`Auto-extend for order ${orderId}`}
              disabled={!canWrite.value}
              onClick={() => flipOrder(order)}
            />
            <span class={state === "on" ? "" : "dim"}>
              {state === "mixed" ? `${number(order.on)} of ${number(order.addresses)}` : state}
            </span>
          </>
        )}
      </div>
      <div role="cell" class="c-ends">
        <span class="small-only">{state === "expired" ? "ended " : "ends "}</span>
        <Time at={endsAt}>{endText(endsAt)}</Time> <span class="dim">{relative(endsAt, now.value)}</span>
      </div>
      <div role="cell" class={`c-outlook ${order.unpaidAt ? "bad" : ""}`}>
        <Outlook order={order} />
      </div>
      <div role="cell" class="c-period num">
        <Period order={order} />
      </div>
      <div role="cell" class={`c-price num ${isDim ? "dim" : ""}`}>
        {renewalPrice === null ? "no price" : money(renewalPrice)}
        <span class="small-only"> {account.value?.currency}</span>
      </div>
    </div>
  );
}

function Period({ order }: { order: Order }) {
  const { orderId, rentPeriods, state } = order;
  const [shortest = 0, ...others] = rentPeriods;
  const text = others.length > 0 ? `${shortest}–${others.at(-1)} d` : `${shortest} d`;
  if (state === "expired") return <>{text}</>;
  return (
    <button
      type="button"
      class="period"
      title={`${rentPeriods.join(", ")} days; choose another period`}
      aria-label={`Period of order ${orderId}: ${text}`}
      disabled={!canWrite.value}
      onClick={() => askForPeriod(order)}
    >
      {text}
    </button>
  );
}

function Outlook({
  order: { state: is, unpaidAt, on, addresses: count, proxyType: type },
}: {
  order: Order;
}) {
  if (is === "expired" && unpaidAt === null) return <>Was off</>;
  if (unpaidAt !== null) {
    return (
      <>
        Unpaid <Time at={unpaidAt}>{shortDate(unpaidAt, now.value)}</Time>
        {is === "mixed" && `, ${number(count - on)} off`}
      </>
    );
  }
  if (is === "on") return <>Renews</>;
  if (is === "off") return <span class="dim">Expires</span>;
  if (type === "IPv6") return <span class="dim">Expires: IPv6 renews whole orders</span>;
  return (
    <>
      {number(on)} renew, {number(count - on)} expire
    </>
  );
}

interface AddressRowProps {
  readonly order: OrderDetail;
  readonly address: Address;
  /** Whether the search has found it. */
  readonly isFound: boolean;
}

function AddressRow({ order, address, isFound }: AddressRowProps) {
  const { ipAddressId, ip, country, autoExtend, rentPeriodDays, endsAt } = address;
  const hasExpired = Date.parse(endsAt) <= now.value;
  const price = account.value?.prices[order.proxyType]?.[rentPeriodDays];
  return (
    <div
      role="row"
      class={isFound ? "cells address found" : "cells address"}
      title={`Address ID ${ipAddressId}`}
    >
      <div role="cell" class="c-id mono cut">
        {ip}
      </div>
      <div role="cell" class="c-type dim">
        {country}
      </div>
      <div role="cell" class="c-count" />
      <div role="cell" class="c-switch">
        <button
          type="button"
          class="switch"
          role="checkbox"
          aria-checked={autoExtend}
          aria-label={`Auto-extend for address ${ip}`}
          disabled={!canWrite.value || hasExpired || order.proxyType === "IPv6"}
          title={order.proxyType === "IPv6" ? "IPv6 orders are switched as a whole" : undefined}
          onClick={() => flipAddress(order, address)}
        />
        <span class="dim">{autoExtend ? "on" : "off"}</span>
      </div>
      <div role="cell" class="c-ends">
        <Time at={endsAt}>{endText(endsAt)}</Time>
      </div>
      <div role="cell" class="c-outlook dim">
        {hasExpired ? "Expired" : addressOutlook(order, address)}
      </div>
      <div role="cell" class="c-period num">
        {rentPeriodDays} d
      </div>
      <div role="cell" class="c-price num dim">
        {price === undefined ? "no price" : money(price)}
      </div>
    </div>
  );
}

function addressOutlook({ proxyType }: OrderDetail, { autoExtend }: Address): string {
  if (proxyType === "IPv6") return "As the whole order";
  return autoExtend ? "" : "Expires";
}

/** With the time of day if that matters. */
function endText(endsAt: string): string {
  const isSoon = Math.abs(Date.parse(endsAt) - now.value) < 86_400_000;
  return `${shortDate(endsAt, now.value)}${isSoon ? `, ${shortTime(endsAt)}` : ""}`;
}

function useMedia(query: string): boolean {
  const [list] = useState(() => matchMedia(query));
  const [matches, setMatches] = useState(list.matches);
  useEffect(() => {
    const update = () => setMatches(list.matches);
    list.addEventListener("change", update);
    return () => list.removeEventListener("change", update);
  }, [list]);
  return matches;
}
