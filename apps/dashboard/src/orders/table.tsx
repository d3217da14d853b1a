import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  type Address,
  type AddressQuery,
  api,
  type Order,
  type OrderDetail,
  type OrderQuery,
} from "../api.ts";
import { isNarrow } from "../store.ts";
import { Waiting } from "../ui/controls.tsx";
import { useArrowKeys, useKeys } from "../ui/keys.ts";
import { useLoaded } from "../ui/load.ts";
import { useVirtualRows } from "../ui/virtual.tsx";
import { type Pages, type Totals, usePages } from "./pages.ts";
import { AddressRow, OrderRow, Row } from "./rows.tsx";

/** The tables of orders, each of which opens into its addresses, and of addresses. Only the rows that can be seen are in the document. */

export type SortKey = NonNullable<OrderQuery["sort"] | AddressQuery["sort"]>;

interface Column {
  readonly by: SortKey | null;
  readonly text: string;
  readonly isNumber?: boolean;
}

const common: readonly Column[] = [
  { by: "state", text: "Auto-extend" },
  { by: "endsAt", text: "Ends" },
  { by: null, text: "Outlook" },
];

export const columnsOf = {
  orders: [
    { by: "orderId", text: "Order" },
    { by: "proxyType", text: "Type" },
    { by: "addresses", text: "Addresses", isNumber: true },
    ...common,
    { by: "rentPeriods", text: "Period", isNumber: true },
    { by: "renewalPrice", text: "Price (if on)", isNumber: true },
  ],
  addresses: [
    { by: "ip", text: "IP address" },
    { by: "proxyType", text: "Type" },
    { by: "orderId", text: "Order" },
    ...common,
    { by: "rentPeriodDays", text: "Period", isNumber: true },
    { by: "renewalPrice", text: "Price (if on)", isNumber: true },
  ],
} as const satisfies Record<string, readonly Column[]>;

export type Listed = keyof typeof columnsOf;

export interface Sorting {
  readonly sort: SortKey;
  readonly descending: boolean;
}

interface TableProps<Query> {
  readonly accountId: string;
  readonly query: Query & Sorting;
  readonly revision: number;
  readonly onSort: (by: SortKey) => void;
  readonly onTotals: (totals: Totals | null) => void;
  /** Clears the filters, if there are any. */
  readonly onClear: (() => void) | null;
  /** Lists what has expired in place of what is current; `null` if nothing has, or the filters say which. */
  readonly onExpired: (() => void) | null;
}

export function OrderTable({ accountId, query, revision, ...rest }: TableProps<OrderQuery>) {
  const pages = usePages<Order>(JSON.stringify(["orders", accountId, query]), revision, async (range) => {
    const { orders, ...totals } = await api.orders(accountId, { ...query, ...range });
    return { totals, items: orders };
  });
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const search = query.search?.toLowerCase() ?? "";
  const openIds = new Set(toggled);
  // The few orders that were found by their addresses show which.
  for (const { orderId } of itemsIn(pages, maxOpened))
    if (search !== "" && !orderId.toLowerCase().includes(search) && !openIds.delete(orderId))
      openIds.add(orderId);
  const opened = useLoaded(`open ${accountId}`, `${revision} ${[...openIds]}`, () =>
    Promise.all([...openIds].map((id) => api.order(accountId, id).catch(() => null))),
  );
  const layout = layoutOf(pages, openIds, opened.data ?? []);

  function toggle(orderId: string): void {
    const next = new Set(toggled);
    if (!next.delete(orderId)) next.add(orderId);
    setToggled(next);
  }

  function draw({ order, address }: LayoutRow) {
    if (address) return <AddressRow address={address} isNested search={search} />;
    return order && <OrderRow order={order} isOpen={openIds.has(order.orderId)} onToggle={toggle} />;
  }

  return (
    <Table
      {...rest}
      listed="orders"
      sorting={query}
      pages={pages}
      count={layout.length}
      rowAt={(index) => {
        const row = layout[index];
        return row && { ...row, isSmall: row.address !== undefined, content: draw(row) };
      }}
    />
  );
}

/** As many orders are opened by themselves at most, if they are all that was found. */
const maxOpened = 5;

function itemsIn<Item>({ totals, at }: Pages<Item>, most: number): Item[] {
  const count = totals !== null && totals.total <= most ? totals.total : 0;
  return Array.from({ length: count }, (_, index) => at(index) ?? []).flat() as Item[];
}

/** One row: an order that may still be loading, or an address of the order above. */
interface LayoutRow {
  readonly index: number;
  readonly key: string;
  readonly order: Order | undefined;
  readonly address?: Address;
}

function layoutOf(
  pages: Pages<Order>,
  openIds: ReadonlySet<string>,
  opened: readonly (OrderDetail | null)[],
): LayoutRow[] {
  const rows: LayoutRow[] = [];
  for (let index = 0; index < (pages.totals?.total ?? 0); index += 1) {
    const order = pages.at(index);
    rows.push({ index, key: order?.orderId ?? String(index), order });
    if (!order || !openIds.has(order.orderId)) continue;
    const detail = opened.find((each) => each?.orderId === order.orderId);
    for (const address of detail?.ipAddresses ?? [])
      rows.push({ index, key: `address ${address.ipAddressId}`, order, address });
  }
  return rows;
}

export function AddressTable({ accountId, query, revision, ...rest }: TableProps<AddressQuery>) {
  const pages = usePages<Address>(JSON.stringify(["ips", accountId, query]), revision, async (range) => {
    const { addresses, ...totals } = await api.addresses(accountId, { ...query, ...range });
    return { totals: { ...totals, addresses: totals.total }, items: addresses };
  });
  return (
    <Table
      {...rest}
      listed="addresses"
      sorting={query}
      pages={pages}
      count={pages.totals?.total ?? 0}
      rowAt={(index) => {
        const address = pages.at(index);
        const content = address && <AddressRow address={address} isNested={false} search="" />;
        return { index, key: address?.ipAddressId ?? String(index), isSmall: false, content };
      }}
    />
  );
}

interface TableRow {
  /** The place of its item in the list. */
  readonly index: number;
  readonly key: string;
  /** Whether it has one line in a narrow window, too. */
  readonly isSmall: boolean;
  /** Missing while it is loading. */
  readonly content: ComponentChildren;
}

interface FrameProps extends Pick<TableProps<unknown>, "onSort" | "onTotals" | "onClear" | "onExpired"> {
  readonly listed: Listed;
  readonly sorting: Sorting;
  readonly pages: Pages<unknown>;
  readonly count: number;
  readonly rowAt: (index: number) => TableRow | undefined;
}

function Table({ listed, sorting, pages, count, rowAt, onSort, onTotals, onClear, onExpired }: FrameProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualRows({
    count,
    scroller,
    sizeOf: (index) =>
      rowAt(index)?.isSmall ? heights.small : isNarrow.value ? heights.narrow : heights.wide,
    keyOf: (index) => rowAt(index)?.key ?? String(index),
  });
  // Heights depend on these.
  useEffect(() => rows.measure(), [isNarrow.value, count]);
  useArrowKeys(scroller, "[role=row]");
  useKeys({
    ArrowDown: ({ target }) => {
      if (!scroller.current?.contains(target as Node))
        scroller.current?.querySelector<HTMLElement>(".rows button")?.focus();
    },
  });
  const first = rowAt(rows.items[0]?.index ?? 0)?.index ?? 0;
  const last = rowAt(rows.items.at(-1)?.index ?? 0)?.index ?? 0;
  useEffect(() => pages.need(first, last));
  useEffect(() => onTotals(pages.totals), [pages.totals]);
  const [, many] = nouns[listed];
  return (
    <div class="tablewrap" ref={scroller}>
      <div
        role="table"
        aria-label={many}
        aria-rowcount={pages.totals?.total ?? -1}
        class={`orders by-${listed}`}
      >
        <Head listed={listed} sorting={sorting} onSort={onSort} />
        <div role="rowgroup" class="body rows" style={{ height: `${rows.height}px` }}>
          {rows.items.map(({ index, key, start, size }) => (
            <div
              key={key}
              class="place"
              role="presentation"
              style={{ transform: `translateY(${start}px)`, height: `${size}px` }}
            >
              {rowAt(index)?.content ?? <Row style="" cells={{ "c-id dim": "Loading…" }} />}
            </div>
          ))}
        </div>
      </div>
      {pages.totals === null ? (
        <Waiting for={`the ${many}`} problem={pages.problem} />
      ) : (
        pages.problem !== null && <p class="more bad">{pages.problem}</p>
      )}
      {pages.totals?.total === 0 && <NoRows listed={listed} onClear={onClear} onExpired={onExpired} />}
    </div>
  );
}

function NoRows({ listed, onClear, onExpired }: Pick<FrameProps, "listed" | "onClear" | "onExpired">) {
  const [one, many] = nouns[listed];
  return (
    <p class="more">
      {onClear
        ? `No ${onExpired ? "current " : ""}${one} matches. `
        : `This account has no current ${many}. `}
      {onClear ? (
        <button class="link" type="button" onClick={onClear}>
          Clear filters
        </button>
      ) : (
        <a href="#connect">Load or generate a world</a>
      )}
      {onExpired && (
        <>
          , or{" "}
          <button class="link" type="button" onClick={onExpired}>
            list the expired ones
          </button>
        </>
      )}
    </p>
  );
}

const nouns = { orders: ["order", "orders"], addresses: ["IP address", "IP addresses"] } as const;
const heights = { wide: 32, narrow: 74, small: 30 };

function Head({ listed, ...rest }: Pick<FrameProps, "listed" | "sorting" | "onSort">) {
  return (
    <div role="rowgroup" class="head hide-s">
      <div role="row" class="cells">
        {columnsOf[listed].map((column) => (
          <Heading key={column.text} column={column} {...rest} />
        ))}
      </div>
    </div>
  );
}

function Heading({ column, sorting, onSort }: Pick<FrameProps, "sorting" | "onSort"> & { column: Column }) {
  const { by, text, isNumber } = column;
  const { sort, descending } = sorting;
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
