import { signal } from "@preact/signals";
import type { OrderQuery } from "../api.ts";
import { account, isForwarding, revision } from "../store.ts";
import { AccountSelect, Notice, Search, Segments, Select, Waiting } from "../ui/controls.tsx";
import { addresses, money, number, plural } from "../ui/format.ts";
import type { Totals } from "./pages.ts";
import { columns, OrderTable, type Sort } from "./table.tsx";

/** The orders of an account: which renew, when they end, and what that costs. */

type Filters = Pick<OrderQuery, "search" | "proxyType" | "state" | "withinHours">;

const filters = signal<Filters>({});
const sorting = signal<Pick<OrderQuery, "sort" | "descending">>({ sort: "endsAt", descending: false });
/** The orders that match the filters. */
const matching = signal<Totals | null>(null);

/** A narrow window has no headings to choose. */
const sortings = columns.flatMap(({ by, text }) =>
  by === null
    ? []
    : ([
        [`${by} false`, `${text} \u2191`],
        [`${by} true`, `${text} \u2193`],
      ] as const),
);

/** @param change a filter that is empty does not filter. */
function setFilter(change: { readonly [Name in keyof Filters]: Filters[Name] | "" }): void {
  const all = Object.entries({ ...filters.value, ...change });
  filters.value = Object.fromEntries(all.filter(([, value]) => value !== ""));
}

function clearFilters(): void {
  filters.value = {};
}

function sortBy(by: Sort): void {
  const { sort, descending } = sorting.value;
  sorting.value = { sort: by, descending: sort === by && !descending };
}

export function OrdersView() {
  const shown = account.value;
  if (isForwarding.value) {
    return (
      <Notice title="This mock has no orders">
        It forwards requests to another server. Start one without an upstream to see orders here.
      </Notice>
    );
  }
  if (!shown) return <Waiting for="the orders" problem={null} />;
  return (
    <>
      <FilterBar />
      <OrderTable
        accountId={shown.id}
        query={{ ...sorting.value, ...filters.value }}
        revision={revision.value}
        onSort={sortBy}
        onTotals={(totals) => {
          matching.value = totals;
        }}
        onClear={Object.keys(filters.value).length === 0 ? null : clearFilters}
      />
    </>
  );
}

function FilterBar() {
  const { sort, descending } = sorting.value;
  const { search = "", proxyType = "", state = "", withinHours } = filters.value;
  return (
    <div class="bar">
      <Search
        label="Search orders"
        hint="Part of an order ID or of an address, or a country"
        value={search}
        onInput={(text) => setFilter({ search: text })}
      />
      <Segments
        label="Proxy type"
        value={proxyType}
        options={[
          ["", "All types"],
          ["IPv4", "IPv4"],
          ["IPv6", "IPv6"],
          ["MOBILE", "MOBILE"],
          ["ISP", "ISP"],
        ]}
        onChange={(value) => setFilter({ proxyType: value })}
      />
      <Select
        label="State"
        value={state}
        options={[
          ["", "All current"],
          ["on", "On"],
          ["off", "Off"],
          ["mixed", "Partly on"],
          ["notAllOn", "Off or partly on"],
          ["unpaid", "Unpaid"],
          ["expired", "Expired"],
        ]}
        onChange={(value) => setFilter({ state: value })}
      />
      <Select
        label="Ending within"
        value={String(withinHours ?? "")}
        options={[
          ["", "Any end"],
          ["24", "Ends in 24 h"],
          ["168", "Ends in 7 days"],
          ["720", "Ends in 30 days"],
        ]}
        onChange={(value) => setFilter({ withinHours: value && Number(value) })}
      />
      <span class="small-only">
        <Select
          label="Sort by"
          value={`${sort} ${descending}`}
          options={sortings}
          onChange={(value) => {
            const [by, isDescending] = value.split(" ");
            sorting.value = { sort: by as Sort, descending: isDescending === "true" };
          }}
        />
      </span>
      <span class="grow" />
      <AccountSelect />
    </div>
  );
}

/** For the line at the bottom of the page. */
export function ordersSummary(): string {
  const shown = account.value;
  if (!shown) return "";
  const listed = matching.value;
  if (!listed) return "";
  const { total, addresses: count, on, renewalPrice } = listed;
  const what = `${plural(total, "order")} with ${addresses(count)}, ${number(on)} of them on`;
  return `${what}; one renewal of each costs ${money(renewalPrice)} ${shown.currency}`;
}
