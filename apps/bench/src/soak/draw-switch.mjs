import { lasting } from "./world.mjs";

const types = Object.keys(lasting);

/** A request that switches the lasting order of a type, and what a success of it lists. */
export function drawSwitch({ random }) {
  const proxyType = random.of(types);
  const { orderId, ipAddressIds } = lasting[proxyType];
  const request = { proxyType, orderIds: [orderId], rentPeriodDays: 30, autoExtend: random.chance(0.5) };
  if (random.chance(0.1)) request.orderIds.push(orderId);
  return { request, ipAddressIds };
}
