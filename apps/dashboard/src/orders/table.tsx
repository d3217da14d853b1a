import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Address, Order, OrderDetail, OrderQuery } from "../api.ts";
import { account, canWrite, isNarrow, now } from "../store.ts";
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
  const rows = useVirtualRows({
    count: layout.length,
    scroller,
    sizeOf: (index) => heightOf(layout[index]),
    keyOf: (index) => keyOf(layout[index]),
  });
  // Heights depend on these.
  const addressRows = layout.flatMap(({ address }, row) => (address ? [row] : []));
  useEffect(() => rows.measure(), [isNarrow.value, addressRows.join(), layout.length]);
  useArrowKeys(scroller, "[role=row]");
  const first = layout[rows.items[0]?.index ?? 0]?.index ?? 0;
  const last = layout[rows.items.at(-1)?.index ?? 0]?.index ?? 0;
  useEffect(() => pages.need(first, last));
  useEffect(() => onTotals(pages.totals), [pages.totals]);
  const search = query.search?.trim().toLowerCase() ?? "";
  const target = useFound(pages, search, setOpenIds);
  const targetRow = layout.findIndex(({ address }) => address?.ipAddressId === target);
  useEffect(() => {
    if (targetRow >= 0) rows.scrollTo(targetRow);
  }, [target, targetRow]);

  function toggle(orderId: string): void {
    const next = new Set(openIds);
    if (!next.delete(orderId)) next.add(orderId);
    setOpenIds(next);
  }

  function rowOf({ order, address }: Partial<LayoutRow> = {}) {
    if (!order) return <Row style="" cells={{ "c-id dim": "Loading…" }} />;
    if (address) return <AddressRow order={order} address={address} isFound={isIn(address, search)} />;
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
              {rowOf(layout[index])}
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
  readonly order: Order | undefined;
  readonly address?: Address;
}

/** Puts the addresses of open orders below them. */
function layoutOf(pages: OrderPages, details: ReadonlyMap<string, OrderDetail>): LayoutRow[] {
  const rows: LayoutRow[] = [];
  for (let index = 0; index < (pages.totals?.total ?? 0); index += 1) {
    const order = pages.at(index);
    rows.push({ index, order });
    const { ipAddresses = [] } = (order && details.get(order.orderId)) ?? {};
    for (const address of ipAddresses) rows.push({ index, order, address });
  }
  return rows;
}

const heights = { wide: 32, narrow: 74, address: 30 };

function heightOf(row: LayoutRow | undefined): number {
  if (row?.address) return heights.address;
  return isNarrow.value ? heights.narrow : heights.wide;
}

function keyOf(row: LayoutRow | undefined): string {
  return `${row?.order?.orderId ?? row?.index}/${row?.address?.ipAddressId ?? ""}`;
}

interface RowProps {
  readonly style: string;
  /** For the pointer. */
  readonly title?: string;
  /** By class. */
  readonly cells: Readonly<Record<string, ComponentChildren>>;
}

function Row({ style, title, cells }: RowProps) {
  return (
    <div role="row" class={`cells ${style}`} title={title}>
      {Object.entries(cells).map(([name, content]) => (
        <div key={name} role="cell" class={name}>
          {content}
        </div>
      ))}
    </div>
  );
}

interface SwitchProps {
  readonly state: "true" | "false" | "mixed";
  readonly text: string;
  readonly of: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly title?: string | undefined;
}

function Switch({ state, text, of, disabled = false, ...rest }: SwitchProps) {
  return (
    <>
      <button
        type="button"
        class="switch"
        role="checkbox"
        aria-checked={state}
        aria-label={`Auto-extend for ${of}`}
        disabled={disabled || !canWrite.value}
        {...rest}
      />
      <span class={state === "true" ? "" : "dim"}>{text}</span>
    </>
  );
}

const checked = { on: "true", off: "false", mixed: "mixed" } as const;

interface OrderRowProps {
  readonly order: Order;
  readonly isOpen: boolean;
  readonly onToggle: (orderId: string) => void;
}

function OrderRow({ order, isOpen, onToggle }: OrderRowProps) {
  const { orderId, proxyType, state, on, addresses: count, endsAt, renewalPrice } = order;
  const id = (
    <button
      class="expand"
      type="button"
      aria-expanded={isOpen}
      aria-label={`Addresses of order ${orderId}`}
      title={orderId}
      onClick={() => onToggle(orderId)}
    >
      <Icon name={isOpen ? "open" : "closed"} />
      {orderId}
    </button>
  );
  const text = state === "mixed" ? `${number(on)} of ${number(count)}` : state;
  const ends = (
    <>
      <span class="small-only">{state === "expired" ? "ended " : "ends "}</span>
      <Time at={endsAt}>{endText(endsAt)}</Time> <span class="dim">{relative(endsAt, now.value)}</span>
    </>
  );
  const price = (
    <>
      {renewalPrice === null ? "no price" : money(renewalPrice)}
      <span class="small-only"> {account.value?.currency}</span>
    </>
  );
  const cells = {
    "c-id mono cut": id,
    "c-type": proxyType,
    "c-count num": [number(count), <span class="small-only"> {count === 1 ? "address" : "addresses"}</span>],
    "c-switch":
      state === "expired" ? (
        <span class="dim">expired</span>
      ) : (
        <Switch state={checked[state]} text={text} of={`order ${orderId}`} onClick={() => flipOrder(order)} />
      ),
    "c-ends": ends,
    [`c-outlook ${order.unpaidAt ? "bad" : ""}`]: <Outlook order={order} />,
    "c-period num": <Period order={order} />,
    [`c-price num ${state === "off" || state === "expired" ? "dim" : ""}`]: price,
  };
  return <Row style={`order ${state}`} cells={cells} />;
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
  readonly order: Order;
  readonly address: Address;
  /** Whether the search has found it. */
  readonly isFound: boolean;
}

function AddressRow({ order, address, isFound }: AddressRowProps) {
  const { ipAddressId, ip, country, autoExtend, rentPeriodDays, endsAt } = address;
  const hasExpired = Date.parse(endsAt) <= now.value;
  const isWhole = order.proxyType === "IPv6";
  const price = account.value?.prices[order.proxyType]?.[rentPeriodDays];
  const cells = {
    "c-id mono cut": ip,
    "c-type dim": country,
    "c-count": null,
    "c-switch": (
      <Switch
        state={autoExtend ? "true" : "false"}
        text={autoExtend ? "on" : "off"}
        of={`address ${ip}`}
        disabled={hasExpired || isWhole}
        title={isWhole ? "IPv6 orders are switched as a whole" : undefined}
        onClick={() => flipAddress(order, address)}
      />
    ),
    "c-ends": <Time at={endsAt}>{endText(endsAt)}</Time>,
    "c-outlook dim": hasExpired ? "Expired" : isWhole ? "As the whole order" : autoExtend ? "" : "Expires",
    "c-period num": `${rentPeriodDays} d`,
    "c-price num dim": price === undefined ? "no price" : money(price),
  };
  return (
    <Row style={`address ${isFound ? "found" : ""}`} title={`Address ID ${ipAddressId}`} cells={cells} />
  );
}

/** With the time of day if that matters. */
function endText(endsAt: string): string {
  const isSoon = Math.abs(Date.parse(endsAt) - now.value) < 86_400_000;
  return `${shortDate(endsAt, now.value)}${isSoon ? `, ${shortTime(endsAt)}` : ""}`;
}
