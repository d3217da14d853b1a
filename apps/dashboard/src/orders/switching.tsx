import { type Address, api, type Call, type Order, type OrderDetail, type Restored } from "../api.ts";
import { account, attempt, hideChange, loadState, now, showChange, showToast } from "../store.ts";
import { Button } from "../ui/controls.tsx";
import { ask, confirm } from "../ui/dialog.tsx";
import { addresses, money } from "../ui/format.ts";

/** Switches auto-extend of orders and addresses, and takes it back. */

/** Off is sent at once. On asks for the period, which decides the price, if the order has several or one that is not sold. */
export async function flipOrder(order: Order): Promise<void> {
  if (!(await mayBeSwitched())) return;
  const sold = account.peek()?.rentPeriods[order.proxyType] ?? [];
  const [period = 30, ...others] = order.rentPeriods;
  if (order.state === "on")
    await switchOrder(order, false, sold.includes(period) ? period : (sold[0] ?? period));
  else if (others.length > 0 || !sold.includes(period)) await askForPeriod(order);
  else await switchOrder(order, true, period);
}

/** Asks before a switch makes an ordinary account of the template. */
async function mayBeSwitched(): Promise<boolean> {
  const { id, isTemplate } = account.peek() ?? {};
  if (!isTemplate) return true;
  const body = (
    <>
      <p>
        New API keys get a copy of {id}. A switch makes it an account like others: time passes for it, its
        orders renew and expire, and later keys get a copy of what it is then.
      </p>
      <p>To switch orders of a copy, send a request with any API key, and choose its account here.</p>
    </>
  );
  return confirm("Switch in the template?", body, "Switch in the template");
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
      value: String(value),
      text: `${value} days`,
      note: priceFor(value),
    })),
  });
  if (days !== null) await switchOrder(order, true, Number(days));
}

async function switchOrder(order: Order, autoExtend: boolean, rentPeriodDays: number): Promise<void> {
  const { orderId, proxyType } = order;
  await attempt(async () => {
    const order = await api.order(account.peek()?.id ?? "", orderId);
    // A switch does not change the others.
    const ipAddresses = order.ipAddresses.filter(({ endsAt }) => Date.parse(endsAt) > now.peek());
    const request = { proxyType, orderIds: [orderId], rentPeriodDays, autoExtend };
    await carryOut({ operation: "setAutoExtend", request }, `order ${orderId}`, { orderId, ipAddresses });
  });
}

export async function flipAddress(address: Address): Promise<void> {
  if (!(await mayBeSwitched())) return;
  const { orderId, proxyType, ipAddressId, ip, rentPeriodDays, autoExtend } = address;
  const request = { proxyType, ipAddressIds: [ipAddressId], rentPeriodDays, autoExtend: !autoExtend };
  const before = { orderId, ipAddresses: [address] };
  await attempt(() => carryOut({ operation: "setAutoExtendByIpAddress", request }, `address ${ip}`, before));
}

/** Addresses of an order as they were before a switch. */
type Before = Pick<OrderDetail, "orderId" | "ipAddresses">;

async function carryOut(call: Call, what: string, before: Before): Promise<void> {
  const accountId = account.peek()?.id ?? "";
  const { id, answer } = await api.call(accountId, call);
  await loadState();
  const request = <a href={`#${id}`}>{id}</a>;
  if ((Object(answer) as { success?: unknown }).success !== true) {
    showToast(
      <>
        Auto-extend of {what} was not switched: {request} says why.
      </>,
    );
    return;
  }
  const takeBack = () =>
    attempt(async () => {
      const result = await restore(accountId, before);
      hideChange();
      // The button that had the focus is gone.
      document.querySelector<HTMLElement>(".tablewrap [tabindex='0']")?.focus();
      showToast(undoneText(what, result));
    });
  showChange(
    <>
      Auto-extend is {call.request.autoExtend === true ? "on" : "off"} for {what}.{" "}
      <Button changes kind="quiet" onClick={takeBack}>
        Undo
      </Button>{" "}
      · {request}
    </>,
  );
}

async function restore(accountId: string, { orderId, ipAddresses }: Before): Promise<Restored> {
  const states = ipAddresses.map(({ ipAddressId, autoExtend, rentPeriodDays, failedAt }) => ({
    ipAddressId,
    autoExtend,
    rentPeriodDays,
    failedAt,
  }));
  const result = await api.restore(accountId, orderId, states);
  await loadState();
  return result;
}

function undoneText(what: string, { restored, expired, unchanged }: Restored): string {
  if (restored > 0 && expired > 0) return `Undone: ${what}, but not for ${addresses(expired)} that expired.`;
  if (restored > 0) return `Undone: ${what}.`;
  if (unchanged > 0) return `Nothing was undone: ${what} had its earlier state already.`;
  return `Nothing was undone: ${what} has expired.`;
}
