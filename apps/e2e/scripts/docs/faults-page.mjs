import { code, table } from "../../../../scripts/markdown.mjs";
import { presetTable } from "../../../../scripts/preset-table.mjs";
import { outcomes } from "./fault-outcomes.mjs";

/** @import { Preset } from "@auto-extend/mock-server" */
/** @import { Outcome, Span } from "./fault-outcomes.mjs" */

/**
 * The page about the mock's faults, and how our client reports each, in Markdown.
 *
 * @param {readonly Preset[]} presets
 */
export function faultsPage(presets) {
  return `${[
    "# Faults",
    "The mock can fail on purpose: refuse, answer late, break [the contract](core.md), fail like servers and gateways do, cut the answer or lose it, or limit the rate of requests.",
    "## How to inject a fault",
    askingFor,
    "## The presets",
    presetTable(presets),
    "## What our client reports",
    "One call that switches an order on, with the client's default settings. *Always* means that every attempt meets the fault, *once* that only the first one does. *Effect* is what the error says about the change, *done* is whether the mock made it: with `unknown`, it may be either. The time is that of *always*, without the time that network and server take.",
    table(
      ["fault", "always: ends with", "attempts", "effect", "done", "time", "once: ends with", "attempts"],
      outcomes.map(outcomeRow),
    ),
    "## Faults of your own",
    ofYourOwn,
  ].join("\n\n")}\n`;
}

const askingFor = `For one request, send the header \`prefer: fault=PRESET; OPTION=VALUE\` (RFC 7240). Join several faults with a plus, and quote values that
contain spaces. The response header \`preference-applied\` confirms the fault; a header that can't be read is refused with 400.
\`fault=none\` keeps queued faults away from a request. Queued faults are not injected into switches on the dashboard or through
\`POST /__mock/operations\` either.

\`\`\`sh
curl -s http://127.0.0.1:4010/client/api/v1/any-key/balance -H 'prefer: fault=slow; ms=500'
curl -s http://127.0.0.1:4010/client/api/v1/any-key/balance -H 'prefer: fault=slow+lost-answer; ms=500' || echo "no answer"
\`\`\`

For the next requests, use a command, the [control API](control-api.md) or, in the same process, \`mock.faults.add(...)\`. Without any of
the following, the fault is injected into every request until it is removed:

| inject it into | command \`faults add\` | field of the control API and of \`mock.faults.add\` |
| --- | --- | --- |
| a number of requests | \`--times 2\` | \`times\` |
| a share of the requests | \`--share 0.1 --seed 7\` | \`share\`, \`seed\` |
| requests that switch on, or off | \`--switch on\` | \`match.autoExtend\` |
| requests that name an order, or a proxy type | \`--order 11111\`, \`--type IPv4\` | \`match.orderId\`, \`match.proxyType\` |
| one operation | \`--operation getBalance\` | \`match.operation\` |
| requests of one account | \`--account ID\` | \`match.account\` |
| requests with one API key | \`--api-key KEY\` | the second argument \`{ apiKey }\`; the header \`mock-api-key\` |

\`\`\`sh
npx @auto-extend/mock-server faults add slow ms=500 --times 2 --switch on
npx @auto-extend/mock-server faults list
npx @auto-extend/mock-server faults clear
\`\`\`

\`faults clear\` removes all of them, and \`faults clear ID\` one. In a test, options of the preset have a field of their own:

<!-- setup: import { createMockFetch } from "@auto-extend/mock-server";
const mock = createMockFetch(); -->

\`\`\`ts
mock.faults.add({ preset: "rate-limited", options: { seconds: 5 }, times: 1, match: { autoExtend: true } });
mock.faults.remove(); // all of them
\`\`\`

If your program can't set a header, send a magic order ID: \`fault-slow\`, or \`fault-slow:ms=500,jitter=100\` with options.
Quote a value that contains a comma: \`fault-error:code=29,message="a, b"\`. Several order IDs inject several faults. These orders exist in
each account, with one IP address of the type that the request names; switching them changes nothing. They are not listed, so for the CLI
and \`setAutoExtendMany\` give proxy type and rental period. A mock in front of a real server
treats them like any other order ID.

If a header, an order ID and the queue ask for different faults, they are combined: changes of the answer are made one after the other, in
this order. \`insufficient-funds\` and \`lost-answer\` together carry a request out and lose the answer. Faults of the header and of order IDs
that contradict each other are refused with 400. A fault that would not change the answer is refused with 501. A refused request uses up
no queued fault and no limit. Queued faults that match a request are all injected into it; one that contradicts another fault of the request, or would do
nothing, waits for a later request.

Four presets (\`drift-orderids\`, \`drift-missing\`, \`drift-quantity\` and \`drift-proxy-type\`) change fields that only some answers have. Requests
whose answers do not have them are not affected, and \`faults add\` refuses such a preset with an \`--operation\` that has no such field.

The request log says what a fault did to an answer: \`fault.altered\` lists the first 50 fields that were changed, added or removed, and the
\`usual\` value of each without the fault. The dashboard marks these fields in the answer.`;

const ofYourOwn = `A fault combines up to six parts. The control API and \`mock.faults.add\` take them instead of a preset, or in addition to one:

| part | example |
| --- | --- |
| \`answer\`: refuse, or change fields of the answer | \`{ "code": 16 }\` |
| \`delay\`: answer late | \`{ "ms": 500, "jitter": 100 }\` |
| \`http\`: another status, headers or body | \`{ "status": 503, "retryAfter": 2 }\` |
| \`cut\`: reset, close, hang, truncate or drip | \`{ "how": "close", "at": "middle" }\` |
| \`lose\`: lose the answer or the request | \`"answer"\` |
| \`limit\`: a limit of requests | \`{ "perSecond": 10 }\` |

Save this as \`fault.json\`:

<!-- file: fault.json -->

\`\`\`json
{ "fault": { "delay": { "p50": 80, "p95": 400, "p99": 1500 }, "http": { "status": 503, "retryAfter": 2 } }, "share": 0.1, "seed": 7 }
\`\`\`

\`\`\`sh
curl -s --fail-with-body http://127.0.0.1:4010/__mock/faults -H 'content-type: application/json' -d @fault.json
\`\`\`

It stays until it is removed: \`npx @auto-extend/mock-server faults clear\`.

All fields are described in the document of the control API (\`GET /__mock/openapi.json\`), under \`FaultSpec\`.`;

/** @param {Outcome & { faults: readonly string[] }} outcome */
function outcomeRow(outcome) {
  const { faults, calls, ends, attempts, effect, applied, once } = outcome;
  return [
    `${faults.map(code).join(", ")}${calls ? `, met by ${calls} concurrent calls: the one that is limited` : ""}`,
    code(ends),
    String(attempts.length),
    effect === null ? "" : code(effect),
    applied ? "yes" : "no",
    timeText(outcome),
    code(once.ends),
    String(once.attempts),
  ];
}

/**
 * How long a call takes, in words.
 *
 * @param {Pick<Outcome, "attempts" | "pauses">} figures
 */
function timeText({ attempts, pauses }) {
  const takeTime = attempts.some(([, most]) => most > 0);
  const spansBy = (/** @type {string} */ reason) =>
    pauses.filter(({ by }) => by === reason).map(({ span }) => span);
  const [byChance, asked] = [spansBy("chance"), spansBy("Retry-After")];
  const parts = [
    ...(takeTime ? [attempts.length === 1 ? listed(attempts) : `attempts of ${listed(attempts)}`] : []),
    ...(byChance.length > 0 ? [`pauses of at most ${listed(byChance.map(([, most]) => [most, most]))}`] : []),
    ...(asked.length > 0 ? [`waits ${listed(asked)} by \`Retry-After\``] : []),
  ];
  return parts.join("; ") || "at once";
}

/** @param {readonly Span[]} spans */
function listed(spans) {
  const [last = "", ...others] = spans
    .map(([least, most]) => (least === most ? duration(most) : `${duration(least)} to ${duration(most)}`))
    .reverse();
  return others.length === 0 ? last : `${others.reverse().join(", ")} and ${last}`;
}

/** @param {number} milliseconds */
function duration(milliseconds) {
  return milliseconds < 1_000 ? `${milliseconds} ms` : `${milliseconds / 1_000} s`;
}
