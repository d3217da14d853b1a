// Switches made-up orders with the client, and prints its summary and its peak of memory in megabytes:
// node switch-many.mjs URL COUNT
import { createClient } from "@auto-extend/client";

const [url = "", count = "0"] = process.argv.slice(2);
const client = createClient({ apiKey: "bulk-memory-key", baseUrl: url });
const run = client.setAutoExtendMany(orderIds(Number(count)), {
  ...{ proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false, chunkSize: 1_000 },
});
let reported = 0;
for await (const { given } of run) reported += given;
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ reported, summary: run.summary(), megabytes }));

/** @param {number} count */
function* orderIds(count) {
  for (let index = 0; index < count; index += 1) yield `${10_000_000 + index}`;
}
