// Switches so many made-up orders with the client, and tells its account and its memory at most, in megabytes:
// node client.mjs URL COUNT
import { createClient } from "@auto-extend/client";

const [url = "", count = "0"] = process.argv.slice(2);
const client = createClient({ apiKey: "bulk-memory-key", baseUrl: url });
const run = client.setAutoExtendMany(orderIds(Number(count)), {
  ...{ proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false, chunkSize: 1_000 },
});
let told = 0;
for await (const { given } of run) told += given;
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ told, account: run.account(), megabytes }));

/** @param {number} count */
function* orderIds(count) {
  for (let index = 0; index < count; index += 1) yield `${10_000_000 + index}`;
}
