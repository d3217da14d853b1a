import { presetTable } from "../../../../scripts/preset-table.mjs";
import { presets } from "../../dist/engine/faults/presets.js";

/** The introduction of the document, in Markdown. */
export function overview() {
  return [
    "Controls the mock server, and asks what it saw: its accounts, the requests in its log, the queued faults, and its clock. It takes JSON only. Errors are `application/problem+json` and say what is wrong and what to do.",
    "# Access",
    "Requests must use a loopback name, 127.0.0.1 or localhost. Pages must come from the mock itself or from an origin that it was started with. A mock that other machines can reach requires its token for everything but `/__mock/health`.",
    "# One account only",
    "`?account=ID`, or an API key in the header `mock-api-key`, limits a request to one account. Tests that share a mock use an API key each.",
    "# Faults",
    "Each of these can be added for the next requests. A request can also ask for one itself: by the header `Prefer: fault=slow; ms=500`, several as `fault=slow+lost-answer`, or by an order ID such as `fault-slow:ms=500`.",
    presetTable(presets),
  ].join("\n\n");
}
