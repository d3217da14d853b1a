import { type Address, api, type Call, type Order, type OrderDetail } from "../api.ts";
import { faultNames } from "../requests/reading.ts";
import { account, attempt, hideChange, loadState, showChange, showToast } from "../store.ts";
import { ask } from "../ui/dialog.tsx";
import { addresses, money } from "../ui/format.ts";

/** Switches auto-extend of orders and addresses, and takes it back. */

/** Off is sent at once. On asks for the period, which decides the price, if the order has several or one that is not sold. */
export function flipOrder(order: Order): void {
  const sold = account.peek()?.rentPeriods[order.proxyType] ?? [];
  const [period = 30, ...others] = order.rentPeriods;
  if (order.state === "on")
    void switchOrder(order, false, sold.includes(period) ? period : (sold[0] ?? period));
  else if (others.length > 0 || !sold.includes(period)) void askForPeriod(order);
  else void switchOrder(order, true, period);
}

/** Asks for the period to renew an order for, and switches it on for that period. */
async function askForPeriod(order: Order): Promise<void> {
  const { prices = {}, rentPeriods = {}, currency = "" } = account.peek() ?? {};
  const priceFor = (days: number) => {
    const price = prices[order.proxyType]?.[days];
    return price === undefined ? "no price" : `${money(price * order.addresses)} ${currency} per renewal`;
  };
  const days = await ask({
    title: "Switch on for which period?",
    body: `${order.proxyType} order ${order.orderId}, ${addresses(order.addresses)}: ${order.rentPeriods.join(", ")} days now. The period you choose will apply to all of them.`,
    answers: (rentPeriods[order.proxyType] ?? []).map((value) => ({
      value,
      text: `${value} days`,
      note: priceFor(value),
    })),
  });
  if (days !== null) await switchOrder(order, true, days);
}

async function switchOrder(order: Order, autoExtend: boolean, rentPeriodDays: number): Promise<void> {
  const { orderId, proxyType } = order;
  await attempt(async () => {
    const { ipAddresses } = await api.order(account.peek()?.id ?? "", orderId);
    const request = { proxyType, orderIds: [orderId], rentPeriodDays, autoExtend };
    await carryOut({ operation: "setAutoExtend", request }, `order ${orderId}`, { orderId, ipAddresses });
  });
}

/** Switches one address. */
export async function flipAddress(address: Address): Promise<void> {
  const { orderId, proxyType, ipAddressId, ip, rentPeriodDays, autoExtend } = address;
  const request = { proxyType, ipAddressIds: [ipAddressId], rentPeriodDays, autoExtend: !autoExtend };
  const before = { orderId, ipAddresses: [address] };
  await attempt(() => carryOut({ operation: "setAutoExtendByIpAddress", request }, `address ${ip}`, before));
}

/** Addresses of an order as they were before a switch. */
type Before = Pick<OrderDetail, "orderId" | "ipAddresses">;

async function carryOut(call: Call, what: string, before: Before): Promise<void> {
  const accountId = account.peek()?.id ?? "";
  const { id, outcome, answer } = await api.call(accountId, call);
  // The log may keep no requests.
  const [logged] = await Promise.all([api.explain(id).catch(() => null), loadState()]);
  const request = <a href={`#${id}`}>{id}</a>;
  const isSuccess = (Object(answer) as { success?: unknown }).success === true;
  // A fault can spoil the answer of a request that was carried out.
  if (outcome === undefined ? !isSuccess : outcome !== "done") {
    showToast(
      <>
        Auto-extend of {what} was not switched: {request} says why.
      </>,
    );
    return;
  }
  const takeBack = async () => {
    if (!(await attempt(() => restore(accountId, before)))) return;
    hideChange();
    // The button that had the focus is gone.
    document.querySelector<HTMLElement>(".tablewrap [tabindex='0']")?.focus();
    showToast(<>Undone: {what}.</>);
  };
  showChange(
    <>
      Auto-extend is {call.request.autoExtend === true ? "on" : "off"} for {what}
      {logged?.fault ? `, and used up a queued fault: ${faultNames(logged)}.` : "."}{" "}
      <button type="button" class="link" onClick={takeBack}>
        Undo
      </button>{" "}
      · {request}
    </>,
  );
}

/** Gives each address the state and period that it had. */
async function restore(accountId: string, { orderId, ipAddresses }: Before): Promise<void> {
  const states = ipAddresses.map(({ ipAddressId, autoExtend, rentPeriodDays, failedAt }) => ({
    ipAddressId,
    autoExtend,
    rentPeriodDays,
    failedAt,
  }));
  await api.restore(accountId, orderId, states);
  await loadState();
}
