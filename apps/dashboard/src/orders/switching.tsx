import { type Address, api, type Call, type Order } from "../api.ts";
import { account, attempt, hideChange, loadState, now, showChange, showToast } from "../store.ts";
import { ask } from "../ui/dialog.tsx";
import { addresses, money } from "../ui/format.ts";

/** Switches auto-extend of orders and addresses, and takes it back. */

/** Off is sent at once. On asks for the period if the order has several: the period decides the price. */
export function flipOrder(order: Order): void {
  const [period = 30, ...others] = order.rentPeriods;
  if (order.state === "on" || others.length === 0) void switchOrder(order, order.state !== "on", period);
  else void askForPeriod(order);
}

/** Asks for the period to renew an order for, and switches it on for that period. */
export async function askForPeriod(order: Order): Promise<void> {
  const { prices = {}, rentPeriods = {}, currency = "" } = account.peek() ?? {};
  const priceFor = (days: number) => {
    const price = prices[order.proxyType]?.[days];
    return price === undefined ? "no price" : `${money(price * order.addresses)} ${currency} per renewal`;
  };
  const days = await ask({
    title: `${order.state === "on" ? "Renew" : "Switch on"} for which period?`,
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
    const before = await runningAddresses(orderId);
    const request = { proxyType, orderIds: [orderId], rentPeriodDays, autoExtend };
    await carryOut({ operation: "setAutoExtend", request }, `order ${orderId}`, () => restore(order, before));
  });
}

/** Switches one address. */
export async function flipAddress(
  order: Pick<Order, "orderId" | "proxyType">,
  address: Address,
): Promise<void> {
  const { ipAddressId, ip, rentPeriodDays, autoExtend } = address;
  const to = (isOn: boolean): Call => ({
    operation: "setAutoExtendByIpAddress",
    request: { proxyType: order.proxyType, ipAddressIds: [ipAddressId], rentPeriodDays, autoExtend: isOn },
  });
  await attempt(() => carryOut(to(!autoExtend), `address ${ip}`, () => callAll([to(autoExtend)])));
}

async function carryOut(call: Call, what: string, undo: () => Promise<void>): Promise<void> {
  const id = account.peek()?.id ?? "";
  const result = await api.call(id, call);
  await loadState();
  const isOn = call.request.autoExtend === true;
  const request = <a href={`#${result.id}`}>{result.id}</a>;
  if (!isSuccess(result.answer)) {
    showToast(
      <>
        Auto-extend of {what} was not switched: {request} says why.
      </>,
    );
    return;
  }
  const takeBack = async () => {
    if (!(await attempt(undo))) return;
    hideChange();
    // The button that had the focus is gone.
    document.querySelector<HTMLElement>(".tablewrap [tabindex='0']")?.focus();
    showToast(<>Undone: {what}.</>);
  };
  showChange(
    <>
      Auto-extend is {isOn ? "on" : "off"} for {what}.{" "}
      <button type="button" class="link" onClick={takeBack}>
        Undo
      </button>{" "}
      · {request}
    </>,
  );
}

function isSuccess(answer: unknown): boolean {
  return (Object(answer) as { success?: unknown }).success === true;
}

async function runningAddresses(orderId: string): Promise<readonly Address[]> {
  const { ipAddresses } = await api.order(account.peek()?.id ?? "", orderId);
  return ipAddresses.filter(({ endsAt }) => Date.parse(endsAt) > now.peek());
}

/** Gives each address the state and period that it had. */
async function restore({ orderId, proxyType }: Order, before: readonly Address[]): Promise<void> {
  const present = new Map((await runningAddresses(orderId)).map((address) => [address.ipAddressId, address]));
  const groups = new Map<string, Address[]>();
  for (const address of before) {
    const is = present.get(address.ipAddressId);
    if (!is) continue;
    if (is.autoExtend === address.autoExtend && is.rentPeriodDays === address.rentPeriodDays) continue;
    // Switching off does not change the stored period, so a changed one takes a step of its own.
    const hasOtherPeriod = is.rentPeriodDays !== address.rentPeriodDays;
    const group = JSON.stringify([address.autoExtend, address.rentPeriodDays, hasOtherPeriod]);
    groups.set(group, [...(groups.get(group) ?? []), address]);
  }
  const calls = [...groups].flatMap(([group, list]) => {
    const [autoExtend, rentPeriodDays, hasOtherPeriod] = JSON.parse(group) as [boolean, number, boolean];
    const call = (isOn: boolean): Call =>
      list.length === present.size
        ? {
            operation: "setAutoExtend",
            request: { proxyType, orderIds: [orderId], rentPeriodDays, autoExtend: isOn },
          }
        : {
            operation: "setAutoExtendByIpAddress",
            request: {
              proxyType,
              ipAddressIds: list.map(({ ipAddressId }) => ipAddressId),
              rentPeriodDays,
              autoExtend: isOn,
            },
          };
    return autoExtend || !hasOtherPeriod ? [call(autoExtend)] : [call(true), call(false)];
  });
  await callAll(calls);
}

async function callAll(calls: readonly Call[]): Promise<void> {
  for (const call of calls) {
    const { id, answer } = await api.call(account.peek()?.id ?? "", call);
    if (!isSuccess(answer)) throw new Error(`${id} was refused.`);
  }
  await loadState();
}
