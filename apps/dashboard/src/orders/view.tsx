import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Address, api, type Order, type OrderDetail, type OrderQuery } from "../api.ts";
import { account, canWrite, isForwarding, now, revision } from "../store.ts";
import { AccountSelect, Notice, Search, Segments, Select, Time } from "../ui/controls.tsx";
import { addresses, money, plural, relative, shortDate } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { useVirtualRows } from "../ui/virtual.ts";
import { type OrderPages, useOrderPages } from "./pages.ts";
import { flipAddress, flipOrder } from "./switching.tsx";

/** The orders of an account: which renew, when they end, and what that costs. */

type Sort = NonNullable<OrderQuery["sort"]>;
type State = NonNullable<OrderQuery["state"]> | "";
type ProxyType = NonNullable<OrderQuery["proxyType"]> | "";

const search = signal("");
const proxyType = signal<ProxyType>("");
const state = signal<State>("");
const within = signal<"" | "24" | "168" | "720">("");
const sorting = signal<{ readonly by: Sort; readonly descending: boolean }>({
  by: "endsAt",
  descending: false,
});
const expanded = signal<ReadonlySet<string>>(new Set());
const matching = signal<number | null>(null);

export function OrdersView() {
  const shown = account.value;
  if (isForwarding.value) {
    return (
      <Notice title="This mock has no orders">
        It forwards requests to another server. Start one without an upstream to see orders here.
      </Notice>
    );
  }
  if (!shown) return <p class="more">Loading the orders…</p>;
  return (
    <>
      <div class="bar">
        <Search
          label="Search order, address, country"
          value={search.value}
          onInput={(text) => {
            search.value = text;
          }}
        />
        <Segments
          label="Proxy type"
          value={proxyType.value}
          options={[
            ["", "All types"],
            ["IPv4", "IPv4"],
            ["IPv6", "IPv6"],
            ["MOBILE", "MOBILE"],
            ["ISP", "ISP"],
          ]}
          onChange={(value) => {
            proxyType.value = value;
          }}
        />
        <Select
          label="State"
          value={state.value}
          options={[
            ["", "All current"],
            ["on", "On"],
            ["off", "Off"],
            ["mixed", "Partly on"],
            ["unpaid", "Unpaid"],
            ["expired", "Expired"],
          ]}
          onChange={(value) => {
            state.value = value;
          }}
        />
        <Select
          label="Ending within"
          value={within.value}
          options={[
            ["", "Any end"],
            ["24", "Ends in 24 h"],
            ["168", "Ends in 7 days"],
            ["720", "Ends in 30 days"],
          ]}
          onChange={(value) => {
            within.value = value;
          }}
        />
        <span class="grow" />
        <AccountSelect />
      </div>
      <Table accountId={shown.id} />
    </>
  );
}

const columns: readonly { by: Sort | null; text: string; isNumber?: boolean }[] = [
  { by: "orderId", text: "Order" },
  { by: "proxyType", text: "Type" },
  { by: "addresses", text: "Addresses", isNumber: true },
  { by: "state", text: "Auto-extend" },
  { by: "endsAt", text: "Ends" },
  { by: null, text: "Outlook" },
  { by: "rentPeriods", text: "Period", isNumber: true },
  { by: "renewalPrice", text: "Renewal price", isNumber: true },
];

function Table({ accountId }: { accountId: string }) {
  const query: OrderQuery = {
    sort: sorting.value.by,
    descending: sorting.value.descending,
    ...(search.value.trim() === "" ? {} : { search: search.value.trim() }),
    ...(proxyType.value === "" ? {} : { proxyType: proxyType.value }),
    ...(state.value === "" ? {} : { state: state.value }),
    ...(within.value === "" ? {} : { withinHours: Number(within.value) }),
  };
  const pages = useOrderPages(accountId, query, revision.value);
  const details = useDetails(accountId, expanded.value, revision.value);
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMedia("(max-width: 820px)");
  const perRow = useAddressesPerRow();
  const layout = layoutOf(pages, details, perRow);
  const rows = useVirtualRows({
    count: layout.count,
    scroller,
    sizeOf: (index) => heightOf(layout.at(index), isNarrow),
    keyOf: (index) => layout.keyOf(index),
  });
  // Heights depend on these.
  useEffect(() => rows.measure(), [isNarrow, perRow, layout.signature, pages.total]);
  const first = layout.orderIndex(rows.items[0]?.index ?? 0);
  const last = layout.orderIndex(rows.items.at(-1)?.index ?? 0);
  useEffect(() => pages.need(first, last));
  useEffect(() => {
    matching.value = pages.total;
  }, [pages.total]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that it must be reachable by keyboard.
    <div class="tablewrap" ref={scroller} tabIndex={0} role="region" aria-label="Orders">
      <div role="table" aria-label="Orders" aria-rowcount={pages.total ?? -1} class="orders">
        <div role="rowgroup" class="head">
          <div role="row" class="cells">
            {columns.map((column) => (
              <Heading key={column.text} {...column} />
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
              <TableRow row={layout.at(index)} />
            </div>
          ))}
        </div>
      </div>
      {pages.problem !== null && <p class="more bad">{pages.problem}</p>}
      {pages.total === 0 && <NoOrders />}
    </div>
  );
}

function NoOrders() {
  const clear = () => {
    search.value = "";
    proxyType.value = "";
    state.value = "";
    within.value = "";
  };
  return (
    <p class="more">
      No order matches.{" "}
      <button class="link" type="button" onClick={clear}>
        Clear filters
      </button>
    </p>
  );
}

function Heading({ by, text, isNumber }: (typeof columns)[number]) {
  const { by: sorted, descending } = sorting.value;
  const isSorted = by !== null && by === sorted;
  const sort = () => {
    if (by !== null) sorting.value = { by, descending: isSorted && !descending };
  };
  return (
    <div
      role="columnheader"
      class={isNumber ? "num" : ""}
      aria-sort={isSorted ? (descending ? "descending" : "ascending") : undefined}
    >
      {by === null ? (
        text
      ) : (
        <button type="button" onClick={sort}>
          {text}
          {isSorted && (descending ? " ↓" : " ↑")}
        </button>
      )}
    </div>
  );
}

type LayoutRow =
  | { readonly kind: "order"; readonly order: Order | undefined; readonly isOpen: boolean }
  | { readonly kind: "addresses"; readonly order: OrderDetail; readonly addresses: readonly Address[] };

interface Layout {
  readonly count: number;
  readonly signature: string;
  at(index: number): LayoutRow;
  keyOf(index: number): string;
  /** The order that a row belongs to. */
  orderIndex(index: number): number;
}

/** Puts the addresses of expanded orders below them. */
function layoutOf(pages: OrderPages, details: ReadonlyMap<string, OrderDetail>, perRow: number): Layout {
  const total = pages.total ?? 0;
  const open: { index: number; detail: OrderDetail; rows: number }[] = [];
  if (expanded.value.size > 0) {
    for (let index = 0; index < total; index += 1) {
      const order = pages.at(index);
      const detail = order && expanded.value.has(order.orderId) ? details.get(order.orderId) : undefined;
      if (detail) open.push({ index, detail, rows: Math.ceil(detail.ipAddresses.length / perRow) });
    }
  }
  const locate = (row: number) => {
    let before = 0;
    for (const { index, detail, rows } of open) {
      if (row - before <= index) break;
      if (row - before <= index + rows) return { index, detail, chunk: row - before - index - 1 };
      before += rows;
    }
    return { index: row - before, detail: null, chunk: 0 };
  };
  return {
    count: total + open.reduce((sum, { rows }) => sum + rows, 0),
    signature: open.map(({ index, rows }) => `${index}:${rows}`).join(),
    at(row) {
      const { index, detail, chunk } = locate(row);
      if (detail) {
        const list = detail.ipAddresses.slice(chunk * perRow, (chunk + 1) * perRow);
        return { kind: "addresses", order: detail, addresses: list };
      }
      const order = pages.at(index);
      return { kind: "order", order, isOpen: order !== undefined && expanded.value.has(order.orderId) };
    },
    keyOf(row) {
      const { index, detail, chunk } = locate(row);
      if (detail) return `${detail.orderId}/${chunk}`;
      return pages.at(index)?.orderId ?? `row-${index}`;
    },
    orderIndex: (row) => locate(row).index,
  };
}

const heights = { wide: 32, narrow: 54, extraLine: 20, addresses: 30 };

function heightOf(row: LayoutRow, isNarrow: boolean): number {
  if (row.kind === "addresses") return heights.addresses;
  if (!isNarrow) return heights.wide;
  return heights.narrow + (row.order?.unpaidAt ? heights.extraLine : 0);
}

function TableRow({ row }: { row: LayoutRow }) {
  if (row.kind === "addresses") return <AddressRow {...row} />;
  const { order, isOpen } = row;
  if (!order) {
    return (
      <div role="row" class="cells">
        <div role="cell" class="dim">
          Loading…
        </div>
      </div>
    );
  }
  return <OrderRow order={order} isOpen={isOpen} />;
}

const checked = { on: "true", off: "false", mixed: "mixed", expired: "false" } as const;

function OrderRow({ order, isOpen }: { order: Order; isOpen: boolean }) {
  const { orderId, proxyType: type, state: is, endsAt, rentPeriods, renewalPrice } = order;
  const toggle = () => {
    const next = new Set(expanded.value);
    if (!next.delete(orderId)) next.add(orderId);
    expanded.value = next;
  };
  const isDim = is === "off" || is === "expired";
  return (
    <div role="row" class={`cells order ${is}`}>
      <div role="cell" class="c-id mono cut" title={orderId}>
        <button
          class="expand"
          type="button"
          aria-expanded={isOpen}
          aria-label={`Addresses of order ${orderId}`}
          onClick={toggle}
        >
          <Icon name={isOpen ? "open" : "closed"} />
        </button>
        {orderId}
      </div>
      <div role="cell" class="c-type">
        {type}
      </div>
      <div role="cell" class="c-count num">
        {order.addresses}
        <span class="small-only"> {order.addresses === 1 ? "address" : "addresses"}</span>
      </div>
      <div role="cell" class="c-switch">
        {is === "expired" ? (
          <span class="dim">expired</span>
        ) : (
          <>
            <button
              type="button"
              class="switch"
              role="checkbox"
              aria-checked={checked[is]}
              aria-label={`Auto-extend for order ${orderId}`}
              disabled={!canWrite.value}
              onClick={() => flipOrder(order)}
            />
            <span class={is === "on" ? "" : "dim"}>
              {is === "mixed" ? `${order.on} of ${order.addresses}` : is}
            </span>
          </>
        )}
      </div>
      <div role="cell" class="c-ends">
        <Time at={endsAt}>{shortDate(endsAt, now.value)}</Time>{" "}
        <span class="dim">{relative(endsAt, now.value)}</span>
      </div>
      <div role="cell" class={`c-outlook ${order.unpaidAt ? "bad" : ""}`}>
        <Outlook order={order} />
      </div>
      <div role="cell" class="c-period num" title={`${rentPeriods.join(", ")} days`}>
        {rentPeriods.length > 1 ? `${rentPeriods[0]}–${rentPeriods.at(-1)} d` : `${rentPeriods[0] ?? ""} d`}
      </div>
      <div role="cell" class={`c-price num ${isDim ? "dim" : ""}`}>
        {renewalPrice === null ? "no price" : money(renewalPrice)}
        <span class="small-only"> {account.value?.currency}</span>
      </div>
    </div>
  );
}

function Outlook({
  order: { state: is, unpaidAt, on, addresses: count, proxyType: type },
}: {
  order: Order;
}) {
  if (is === "expired") return null;
  if (unpaidAt !== null) {
    return (
      <>
        Unpaid <Time at={unpaidAt}>{shortDate(unpaidAt, now.value)}</Time>
      </>
    );
  }
  if (is === "on") return <>Renews</>;
  if (is === "off") return <span class="dim">Expires</span>;
  if (type === "IPv6") return <span class="dim">Expires: IPv6 renews whole orders</span>;
  return (
    <>
      {on} renew, {count - on} expire
    </>
  );
}

function AddressRow({ order, addresses: list }: { order: OrderDetail; addresses: readonly Address[] }) {
  return (
    <div role="row" class="sub">
      {list.map((address) => {
        const { ipAddressId, ip, country, autoExtend, rentPeriodDays, endsAt } = address;
        const hasExpired = Date.parse(endsAt) <= now.value;
        return (
          <div role="cell" key={ipAddressId} class="address" title={`Address ID ${ipAddressId}`}>
            <span class="mono cut">{ip}</span>
            <span class="dim">{country}</span>
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
            <span class="dim num">{rentPeriodDays} d</span>
            <span class="dim cut">
              {hasExpired ? "expired" : "expires"} <Time at={endsAt}>{shortDate(endsAt, now.value)}</Time>
            </span>
          </div>
        );
      })}
    </div>
  );
}

/** The addresses of expanded orders, loaded again with each revision. */
function useDetails(
  accountId: string,
  orderIds: ReadonlySet<string>,
  at: number,
): ReadonlyMap<string, OrderDetail> {
  const [details, setDetails] = useState<ReadonlyMap<string, OrderDetail>>(new Map());
  useEffect(() => {
    let isCurrent = true;
    const loads = [...orderIds].map((id) => api.order(accountId, id).catch(() => null));
    Promise.all(loads).then((loaded) => {
      if (!isCurrent) return;
      setDetails(new Map(loaded.flatMap((detail) => (detail ? [[detail.orderId, detail] as const] : []))));
    });
    return () => {
      isCurrent = false;
    };
  }, [accountId, orderIds, at]);
  return details;
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

const addressWidth = 360;

function useAddressesPerRow(): number {
  const measure = () => Math.max(1, Math.floor((innerWidth - 48) / addressWidth));
  const [count, setCount] = useState(measure);
  useEffect(() => {
    const update = () => setCount(measure());
    addEventListener("resize", update);
    return () => removeEventListener("resize", update);
  }, []);
  return count;
}

/** For the line at the bottom of the page. */
export function ordersSummary(): string {
  const shown = account.value;
  if (!shown) return "";
  const all = `${plural(shown.orders, "current order")}, ${addresses(shown.addresses)}, ${shown.on} with auto-extend on`;
  const listed = matching.value;
  return listed === null || listed === shown.orders ? all : `${plural(listed, "order")} listed of ${all}`;
}
