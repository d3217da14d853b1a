// Calls each mock whose URL is on the command line: a success, a refusal, and an answer that is lost.
import { createClient, isAutoExtendError } from "@auto-extend/client";

const results = [];
for (const baseUrl of process.argv.slice(2)) {
  const client = createClient({ apiKey: "any-key", baseUrl, retry: false });
  const switchOn = (...orderIds) =>
    client.setAutoExtend({ proxyType: "IPv4", orderIds, rentPeriodDays: 30, autoExtend: true }).then(
      ({ quantity }) => quantity,
      (error) => (isAutoExtendError(error) ? [error.name, error.effect] : String(error)),
    );
  results.push({
    success: await switchOn("11111"),
    refusal: await switchOn("99999"),
    lost: await switchOn("22222", "fault-lost-answer"),
    orders: (await client.listIpAddresses({ proxyType: "IPv4" })).orders.length,
  });
}
console.log(JSON.stringify(results));
