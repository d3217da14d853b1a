import type { ComponentChildren } from "preact";
import type { Address, Order } from "../api.ts";
import { account, canWrite, now } from "../store.ts";
import { Time } from "../ui/controls.tsx";
import { money, number, relative, shortDate, shortTime } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { flipAddress, flipOrder } from "./switching.tsx";

/** A row for an order, and one for an address. */

interface RowProps {
  readonly style: string;
  readonly title?: string;
  /** By class. */
  readonly cells: Readonly<Record<string, ComponentChildren>>;
}

export function Row({ style, title, cells }: RowProps) {
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

/** An order, or an address as if it were one. */
type Item = Pick<
  Order,
  "proxyType" | "state" | "on" | "addresses" | "endsAt" | "unpaidAt" | "renewalPrice" | "rentPeriods"
>;

interface OrderRowProps {
  readonly order: Order;
  readonly isOpen: boolean;
  readonly onToggle: (orderId: string) => void;
}

export function OrderRow({ order, isOpen, onToggle }: OrderRowProps) {
  const { orderId, proxyType, state, addresses: count } = order;
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
      <span class="cut">{orderId}</span>
    </button>
  );
  const cells = {
    "c-id mono cut": id,
    "c-type": proxyType,
    "c-count num": [number(count), <span class="small-only"> {count === 1 ? "address" : "addresses"}</span>],
    "c-switch":
      state === "expired" ? (
        <span class="dim">expired</span>
      ) : (
        <Switch of={order} name={`order ${orderId}`} onClick={() => flipOrder(order)} />
      ),
    ...endCells(order, <Outlook of={order} />),
  };
  return <Row style={state === "expired" ? "order dim" : "order"} cells={cells} />;
}

interface AddressRowProps {
  readonly address: Address;
  /** Whether it stands below its order, so that the row need not say what the order says. */
  readonly isNested: boolean;
  /** The text of the search that found its order, in lower case. */
  readonly search: string;
}

export function AddressRow({ address, isNested, search }: AddressRowProps) {
  const { ipAddressId, ip, country, orderId, proxyType, autoExtend, rentPeriodDays, endsAt } = address;
  const hasExpired = Date.parse(endsAt) <= now.value;
  const state = autoExtend ? "on" : "off";
  const item: Item = {
    ...address,
    state: hasExpired ? "expired" : state,
    on: Number(autoExtend),
    addresses: 1,
    rentPeriods: [rentPeriodDays],
  };
  const isWithOrder = proxyType === "IPv6";
  const isFound = search !== "" && `${ip} ${ipAddressId}`.includes(search);
  const cells = {
    "c-id mono cut": [isFound ? <mark>{ip}</mark> : ip, !isNested && <span class="dim"> {country}</span>],
    "c-type": isNested ? <span class="dim">{country}</span> : proxyType,
    "c-count mono cut": isNested ? null : orderId,
    "c-switch": isWithOrder ? (
      [state, <span class="dim hide-s">, switched by order</span>]
    ) : (
      <Switch of={item} name={`address ${ip}`} onClick={() => flipAddress(address)} />
    ),
    ...endCells(
      item,
      isWithOrder && autoExtend && !hasExpired && item.unpaidAt === null ? (
        <span class="dim">Renews if all of its order is on</span>
      ) : (
        <Outlook of={item} />
      ),
    ),
  };
  const title = `${ip} of order ${orderId}, address ID ${ipAddressId}`;
  return <Row style={isNested ? "address" : "order"} title={title} cells={cells} />;
}

interface SwitchProps {
  readonly of: Item;
  readonly name: string;
  readonly onClick: () => void;
}

function Switch({ of: { state, on, addresses: count }, name, onClick }: SwitchProps) {
  return (
    <>
      <button
        type="button"
        class="switch"
        role="checkbox"
        aria-checked={on === count ? "true" : on === 0 ? "false" : "mixed"}
        aria-label={`Auto-extend for ${name}`}
        disabled={state === "expired" || !canWrite.value}
        onClick={onClick}
      />
      <span class={on === count ? "" : "dim"}>
        {on === count ? "on" : on === 0 ? "off" : `${number(on)} of ${number(count)}`}
      </span>
    </>
  );
}

/** The cells about the end of an order or address. */
function endCells(item: Item, outlook: ComponentChildren): Record<string, ComponentChildren> {
  const { endsAt, unpaidAt, rentPeriods } = item;
  const [shortest, longest] = [rentPeriods[0], rentPeriods.at(-1)];
  return {
    "c-ends": (
      <>
        <span class="small-only">{item.state === "expired" ? "ended " : "ends "}</span>
        <Time at={endsAt}>{endText(endsAt)}</Time>
        <span class="dim"> {relative(endsAt, now.value)}</span>
      </>
    ),
    [`c-outlook ${unpaidAt ? "bad" : ""}`]: outlook,
    "c-period num": shortest === longest ? `${shortest} d` : `${shortest}–${longest} d`,
    "c-price num": <Price of={item} />,
  };
}

/** With the time of day if that matters. */
function endText(endsAt: string): string {
  const isSoon = Math.abs(Date.parse(endsAt) - now.value) < 86_400_000;
  return `${shortDate(endsAt, now.value)}${isSoon ? `, ${shortTime(endsAt)}` : ""}`;
}

function Outlook({ of: item }: { of: Item }) {
  const { state, unpaidAt, on, addresses: count } = item;
  const hasExpired = state === "expired";
  if (unpaidAt !== null) {
    return (
      <>
        {hasExpired ? "Was unpaid" : "Unpaid"} <Time at={unpaidAt}>{shortDate(unpaidAt, now.value)}</Time>
        {state === "mixed" && `, ${number(count - on)} off`}
      </>
    );
  }
  if (hasExpired) return <>Was off</>;
  if (state === "on") return <>Renews</>;
  if (state === "off") return <span class="dim">Expires</span>;
  if (isPartOfWhole(item)) return <span class="dim">Expires: IPv6 renews whole orders</span>;
  return (
    <>
      {number(on)} renew, {number(count - on)} expire
    </>
  );
}

/** IPv6 orders renew whole. */
function isPartOfWhole({ state, proxyType }: Item): boolean {
  return state === "mixed" && proxyType === "IPv6";
}

/** In brackets if no renewal will cost it. */
function Price({ of: item }: { of: Item }) {
  const { state, renewalPrice, on } = item;
  if (state === "expired") return <span class="dim">–</span>;
  if (renewalPrice === null) return <span class="dim">no price</span>;
  // Elsewhere, the footer and the heading say it.
  const unit = account.value?.currency;
  if (on > 0 && !isPartOfWhole(item)) return [money(renewalPrice), <span class="small-only"> {unit}</span>];
  return (
    <span class="dim" title="What a renewal would cost if auto-extend were on for all of it">
      ({money(renewalPrice)})<span class="small-only"> {unit} if on</span>
    </span>
  );
}
