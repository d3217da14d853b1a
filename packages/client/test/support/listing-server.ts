import { breakOurCode } from "./clock.js";
import { clientOf, nowhere } from "./fixtures.js";

interface Behaviour {
  /** Fields that take the place of those of a success. */
  readonly answer?: object;
  /** Which orders are really switched (default: all). */
  readonly switches?: (orderId: string) => boolean;
  /** Whether the state changes, and no answer comes. */
  readonly losesAnswers?: boolean;
  /** The rental periods of an order's IP addresses (default: one of 30 days). `null` is one that cannot be read. */
  readonly periods?: Readonly<Record<string, readonly (number | null)[]>>;
  /** The proxy type of an order (default: IPv4). */
  readonly types?: Readonly<Record<string, string>>;
  /** Whether a switch leaves the rental period as it was. */
  readonly keepsPeriod?: boolean;
  /** Which orders are not in the list. */
  readonly hides?: (orderId: string) => boolean;
  /** Fields beside the list, such as the number of its pages. */
  readonly paging?: object;
  /** The HTTP status of a success (default: 200). */
  readonly status?: number;
  /** The headers of a success. */
  readonly headers?: Record<string, string>;
  readonly listStatus?: number;
  /** An error of our own code once the list is read. */
  readonly listBreaks?: Error;
  /** The error code that a request is refused with. */
  readonly codeOf?: (sent: Sent) => number | null;
}

interface Sent {
  readonly proxyType: string;
  readonly rentPeriodDays: number;
  readonly orderIds: readonly string[];
  readonly autoExtend: boolean;
}

/** A client of a provider in memory that knows the orders 1 to 9, switches them and lists them. */
export function listingServer(behaviour: Behaviour) {
  const {
    switches = () => true,
    periods = {},
    types = {},
    hides = () => false,
    status = 200,
    headers = {},
  } = behaviour;
  const state = new Map<string, { on: boolean; days: (number | null)[] }>();
  for (const id of "123456789") state.set(id, { on: false, days: [...(periods[id] ?? [30])] });
  const server = { sent: [] as Sent[], lists: 0, state, client: clientOf(nowhere, { fetch }) };
  return server;

  async function fetch(_: unknown, init?: RequestInit): Promise<Response> {
    if (init?.method === "GET") return list();
    const sent: Sent = JSON.parse(String(init?.body));
    server.sent.push(sent);
    const code = behaviour.codeOf?.(sent) ?? null;
    if (code !== null) {
      const nothing = { proxyType: null, rentPeriodDays: 0, quantity: 0, ipAddressIds: [], balance: 5 };
      return Response.json({ ...nothing, success: false, currency: "USD", error: { code, message: "No" } });
    }
    for (const id of sent.orderIds.filter(switches)) {
      const order = state.get(id);
      if (!order) continue;
      order.on = sent.autoExtend;
      if (!behaviour.keepsPeriod) order.days.fill(sent.rentPeriodDays);
    }
    if (behaviour.losesAnswers) throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    return success(sent);
  }

  function success({ proxyType, rentPeriodDays, orderIds }: Sent): Response {
    const common = { success: true, proxyType, rentPeriodDays, balance: 5, currency: "USD", error: null };
    const quantity = orderIds.flatMap((id) => state.get(id)?.days ?? [30]).length;
    const answer = { ...common, quantity, ...behaviour.answer };
    return Response.json(answer, { status, headers });
  }

  function list(): Response {
    server.lists += 1;
    if (behaviour.listStatus) return new Response(null, { status: behaviour.listStatus });
    if (behaviour.listBreaks) breakOurCode(behaviour.listBreaks);
    const orders = [...state].filter(([id]) => !hides(id)).map(([id, order]) => listed(id, order));
    return Response.json({ success: true, ...behaviour.paging, orders });
  }

  function listed(orderId: string, { on, days }: { on: boolean; days: (number | null)[] }) {
    return {
      orderId,
      proxyType: types[orderId] ?? "IPv4",
      ipAddresses: days.map((extendDays, index) => ({
        ipAddressId: `${orderId}-${index}`,
        extendInfo: { autoExtend: on, extendDays },
      })),
    };
  }
}
