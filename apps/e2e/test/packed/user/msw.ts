// The mock behind MSW, at the provider's own address.
import { createClient, isAutoExtendError } from "@auto-extend/client";
import { createMockHandlers } from "@auto-extend/mock-server/msw";
import { setupServer } from "msw/node";

const mock = createMockHandlers();
const server = setupServer(...mock.handlers);
server.listen();

const client = createClient({ apiKey: "any-key", retry: false });
const switchOn = (...orderIds: string[]) =>
  client.setAutoExtend({ proxyType: "IPv4", orderIds, rentPeriodDays: 30, autoExtend: true }).then(
    ({ quantity }) => quantity,
    (error: unknown) => (isAutoExtendError(error) ? [error.name, error.effect] : String(error)),
  );

const success = await switchOn("11111");
const refusal = await switchOn("99999");
mock.faults.add({ preset: "lost-answer", times: 1 });
const lost = await switchOn("22222");
server.close();

export const result = {
  success,
  refusal,
  lost,
  decided: mock.requests().map(({ decided }) => decided.outcome),
};
