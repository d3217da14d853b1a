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
  /** For the pointer. */
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

interface SwitchProps {
  readonly state: "true" | "false" | "mixed";
  readonly text: string;
  readonly of: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

function Switch({ state, text, of, disabled = false, onClick }: SwitchProps) {
  return (
    <>
      <button
        type="button"
        class="switch"
        role="checkbox"
        aria-checked={state}
        aria-label={`Auto-extend for ${of}`}
        disabled={disabled || !canWrite.value}
        onClick={onClick}
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

export function OrderRow({ order, isOpen, onToggle }: OrderRowProps) {
  const { orderId, proxyType, state, on, addresses: count, endsAt } = order;
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
  const [shortest, longest] = [order.rentPeriods[0], order.rentPeriods.at(-1)];
  const text = state === "mixed" ? `${number(on)} of ${number(count)}` : state;
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
    "c-ends": <Ends at={endsAt} hasEnded={state === "expired"} />,
    [`c-outlook ${order.unpaidAt ? "bad" : ""}`]: <Outlook order={order} />,
    "c-period num": shortest === longest ? `${shortest} d` : `${shortest}–${longest} d`,
    "c-price num": (
      <Price of={order} renews={on > 0 && !isPartOfWhole(order)} hasEnded={state === "expired"} />
    ),
  };
  return <Row style={`order ${state}`} cells={cells} />;
}

/** IPv6 orders renew whole. */
function isPartOfWhole({ state, proxyType }: Order): boolean {
  return state === "mixed" && proxyType === "IPv6";
}

function Outlook({ order }: { order: Order }) {
  const { state: is, unpaidAt, on, addresses: count } = order;
  if (is === "expired") return unpaidAt === null ? <>Was off</> : <Unpaid at={unpaidAt} isPast />;
  if (unpaidAt !== null) {
    return (
      <>
        <Unpaid at={unpaidAt} />
        {is === "mixed" && `, ${number(count - on)} off`}
      </>
    );
  }
  if (is === "on") return <>Renews</>;
  if (is === "off") return <span class="dim">Expires</span>;
  if (isPartOfWhole(order)) return <span class="dim">Expires: IPv6 renews whole orders</span>;
  return (
    <>
      {number(on)} renew, {number(count - on)} expire
    </>
  );
}

interface AddressRowProps {
  readonly address: Address;
  /** Whether it stands below its order, so that the row need not say what the order says. */
  readonly isNested: boolean;
}

export function AddressRow({ address, isNested }: AddressRowProps) {
  const { ipAddressId, ip, country, orderId, proxyType, autoExtend, rentPeriodDays, endsAt } = address;
  const hasExpired = Date.parse(endsAt) <= now.value;
  const state = autoExtend ? "on" : "off";
  const id = (
    <>
      {ip} {!isNested && <span class="dim">{country}</span>}
    </>
  );
  const cells = {
    "c-id mono cut": id,
    "c-type": isNested ? <span class="dim">{country}</span> : proxyType,
    "c-count mono cut": isNested ? null : orderId,
    "c-switch":
      proxyType === "IPv6" ? (
        <>
          {state}
          <span class="dim hide-s">, with its order</span>
        </>
      ) : (
        <Switch
          state={autoExtend ? "true" : "false"}
          text={state}
          of={`address ${ip}`}
          disabled={hasExpired}
          onClick={() => flipAddress(address)}
        />
      ),
    "c-ends": <Ends at={endsAt} isNested={isNested} hasEnded={hasExpired} />,
    [`c-outlook ${address.unpaidAt ? "bad" : ""}`]: (
      <AddressOutlook address={address} hasExpired={hasExpired} />
    ),
    "c-period num": `${rentPeriodDays} d`,
    "c-price num": <Price of={address} renews={autoExtend} hasEnded={hasExpired} />,
  };
  const title = `${ip} of order ${orderId}, address ID ${ipAddressId}`;
  return <Row style={isNested ? "address" : "order"} title={title} cells={cells} />;
}

function AddressOutlook({ address, hasExpired }: { address: Address; hasExpired: boolean }) {
  const { autoExtend, proxyType, unpaidAt } = address;
  if (unpaidAt !== null) return <Unpaid at={unpaidAt} isPast={hasExpired} />;
  if (hasExpired) return <>Was off</>;
  if (proxyType === "IPv6") return <span class="dim">As the whole order</span>;
  return autoExtend ? <>Renews</> : <span class="dim">Expires</span>;
}

function Unpaid({ at, isPast = false }: { at: string; isPast?: boolean }) {
  return (
    <>
      {isPast ? "Was unpaid" : "Unpaid"} <Time at={at}>{shortDate(at, now.value)}</Time>
    </>
  );
}

function Ends({ at, isNested = false, hasEnded }: { at: string; isNested?: boolean; hasEnded: boolean }) {
  return (
    <>
      {!isNested && <span class="small-only">{hasEnded ? "ended " : "ends "}</span>}
      <Time at={at}>{endText(at)}</Time>
      {!isNested && <span class="dim"> {relative(at, now.value)}</span>}
    </>
  );
}

interface PriceProps {
  readonly of: { readonly renewalPrice: number | null };
  readonly renews: boolean;
  readonly hasEnded: boolean;
}

/** In brackets if no renewal will cost it. */
function Price({ of: { renewalPrice }, renews, hasEnded }: PriceProps) {
  if (hasEnded) return <span class="dim">–</span>;
  if (renewalPrice === null) return <span class="dim">no price</span>;
  const unit = <span class="small-only"> {account.value?.currency}</span>;
  if (renews) return [money(renewalPrice), unit];
  return (
    <span class="dim" title="What a renewal would cost if auto-extend were on for all of it">
      ({money(renewalPrice)}){unit}
    </span>
  );
}

/** With the time of day if that matters. */
function endText(endsAt: string): string {
  const isSoon = Math.abs(Date.parse(endsAt) - now.value) < 86_400_000;
  return `${shortDate(endsAt, now.value)}${isSoon ? `, ${shortTime(endsAt)}` : ""}`;
}
