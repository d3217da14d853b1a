import { signal } from "@preact/signals";
import type { Account, AddressQuery, OrderQuery } from "../api.ts";
import { account, revision } from "../store.ts";
import { AccountSelect, optionsOf, Search, Segments, Select, Waiting } from "../ui/controls.tsx";
import { addresses, money, number, plural } from "../ui/format.ts";
import type { Totals } from "./pages.ts";
import { AddressTable, columnsOf, type Listed, OrderTable, type Sorting, type SortKey } from "./table.tsx";

/** The orders of an account: which renew, when they end, and what that costs. */

type Filters = Pick<OrderQuery, "search" | "proxyType" | "state" | "withinHours">;

const listed = signal<Listed>("orders");
const filters = signal<Filters>({});
const byEnd: Sorting = { sort: "endsAt", descending: false };
const sorting = signal(byEnd);
/** The sums of all that matches the filters. */
const matching = signal<Totals | null>(null);

const states = [
  ["", "All current"],
  ["on", "On"],
  ["off", "Off"],
  ["mixed", "Partly on"],
  ["notAllOn", "Off or partly on"],
  ["unpaid", "Will be unpaid"],
  ["expired", "Expired"],
] as const;
/** An address is on or off. */
const orderStates: readonly string[] = ["mixed", "notAllOn"];

const proxyTypes = ["IPv4", "IPv6", "MOBILE", "ISP"] as const;

/** @param change a filter that is empty does not filter. */
function setFilter(change: { readonly [Name in keyof Filters]: Filters[Name] | "" }): void {
  const all = Object.entries({ ...filters.value, ...change });
  filters.value = Object.fromEntries(all.filter(([, value]) => value !== ""));
}

/** Lists orders or addresses. The filters that both have stay. */
function list(what: Listed): void {
  listed.value = what;
  matching.value = null;
  if (orderStates.includes(filters.value.state ?? "")) setFilter({ state: "" });
  if (!columnsOf[what].some(({ by }) => by === sorting.value.sort)) sorting.value = byEnd;
}

function clearFilters(): void {
  filters.value = {};
}

function hidesExpired({ expired }: Account): boolean {
  return filters.value.state === undefined && expired > 0;
}

function sortBy(by: SortKey): void {
  const { sort, descending } = sorting.value;
  sorting.value = { sort: by, descending: sort === by && !descending };
}

export function OrdersView() {
  const shown = account.value;
  if (!shown) return <Waiting for="the orders" problem={null} />;
  const query = { ...sorting.value, ...filters.value };
  const common = {
    // Rows of another account must not pass for its own.
    key: shown.id,
    accountId: shown.id,
    revision: revision.value,
    onSort: sortBy,
    onTotals: (totals: Totals | null) => {
      matching.value = totals;
    },
    onClear: Object.keys(filters.value).length === 0 ? null : clearFilters,
    onExpired: hidesExpired(shown) ? () => setFilter({ state: "expired" }) : null,
  };
  return (
    <>
      <FilterBar />
      {shown.isTemplate && (
        <p class="bar dim">
          New API keys get a copy of this template, for which no time passes: the times are those of a copy
          made now.
        </p>
      )}
      {listed.value === "orders" ? (
        <OrderTable {...common} query={query as OrderQuery & Sorting} />
      ) : (
        <AddressTable {...common} query={query as AddressQuery & Sorting} />
      )}
    </>
  );
}

function FilterBar() {
  const { search = "", proxyType = "", state = "", withinHours } = filters.value;
  return (
    <div class="bar">
      <Segments
        label="List"
        value={listed.value}
        options={[
          ["orders", "Orders"],
          ["addresses", "IP addresses"],
        ]}
        onChange={list}
      />
      <Search
        label={listed.value === "orders" ? "Search orders" : "Search IP addresses"}
        hint="Order, address or country"
        value={search}
        onInput={(text) => setFilter({ search: text })}
      />
      <Select
        label="Proxy type"
        value={proxyType}
        options={optionsOf("All types", proxyTypes)}
        onChange={(value) => setFilter({ proxyType: value })}
      />
      <Select
        label="State"
        value={state}
        options={states.filter(([state]) => listed.value === "orders" || !orderStates.includes(state))}
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
      <span class="grow" />
      <AccountSelect />
    </div>
  );
}

/** For the line at the bottom of the page. */
export function ordersSummary(): string {
  const shown = account.value;
  if (!shown) return "";
  const found = matching.value;
  if (!found) return "";
  const { total, addresses: count, on, renewalPrice } = found;
  return [
    listed.value === "orders"
      ? `${plural(total, "order")} with ${addresses(count)}, ${number(on)} on`
      : `${addresses(total)}, ${number(on)} on`,
    ...(on > 0 ? [`one renewal of what is on costs ${money(renewalPrice)} ${shown.currency}`] : []),
    ...(hidesExpired(shown)
      ? [`${plural(shown.expired, "expired order is", "expired orders are")} not listed`]
      : []),
  ].join("; ");
}
