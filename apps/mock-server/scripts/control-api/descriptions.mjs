import { presetTable } from "../../../../scripts/preset-table.mjs";
import { presets } from "../../dist/engine/faults/presets.js";

/** What stands at the head of the document, in Markdown. */
export function overview() {
  return [
    "What the mock server is steered and asked by, beside the API that it mocks: its accounts, the requests that came, the faults that wait, and its clock. It takes JSON only, and what can't be done is answered with `application/problem+json`, which says why and what to do.",
    "# Who may use it",
    "Whoever asks under a name of the mock's own machine, and pages of the mock itself or of an origin that it was started with. A mock that listens beyond its machine wants its token of everyone.",
    "# One account alone",
    "`?account=ID`, or an API key in the header `mock-api-key`, narrows a request to one account: so tests that share a mock don't meet, with an API key each.",
    "# Faults",
    "Each of these can be ordered here, for requests to come. A request can also ask for one itself: by the header `Prefer: fault=slow; ms=500`, several as `fault=slow+lost-answer`; by an order id or an API key such as `fault-slow:ms=500`.",
    presetTable(presets),
  ].join("\n\n");
}
