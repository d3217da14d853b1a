import { code, table } from "../../../../scripts/markdown.mjs";
import { presetTable } from "../../../../scripts/preset-table.mjs";
import { faultOutcomes } from "./fault-outcomes.mjs";
import { timeText } from "./time-text.mjs";

/** @import { Preset } from "@auto-extend/mock-server" */
/** @import { FaultOutcome } from "./fault-outcomes.mjs" */

/**
 * The page that lists the mock's faults, and what our client shows of each, in Markdown.
 *
 * @param {readonly Preset[]} presets
 */
export function faultsPage(presets) {
  return `${[
    "# Faults",
    "The mock can go wrong on purpose: refuse, answer late, break the contract, fail as servers and gateways do, cut the answer, lose it, or let only so many requests through. This page is made from the table of its presets and from what the tests hold our client to.",
    "## How to ask for one",
    askingFor,
    "## The presets",
    presetTable(presets),
    "## What our client shows",
    "One call that switches an order on, by the client's default settings. *Always* is a fault that strikes each attempt, *once* one that strikes the first alone. *Effect* is what the error says was done, *done* whether it was: where the effect is `unknown`, both are possible. The time is that of *always*, as the fault and the client make it; what network and server take comes on top.",
    table(
      ["fault", "always: ends with", "attempts", "effect", "done", "time", "once: ends with", "attempts"],
      presets.flatMap(({ name }) => outcomesOf(name).map(outcomeRow)),
    ),
    "## Faults of your own",
    ofYourOwn,
  ].join("\n\n")}\n`;
}

const askingFor = `For one request, by a header (RFC 7240), with options behind it; several at once with a plus between them; a text with
spaces wants quotes. The answer's \`preference-applied\` says that it was understood, and one that can't be read is refused
with 400. \`fault=none\` keeps waiting faults away from a request.

\`\`\`
Prefer: fault=slow; ms=500
Prefer: fault=slow+lost-answer; ms=500
\`\`\`

For the next requests, by a command, by the control API, or in the same process by \`mock.faults.add(...)\`. It strikes every request
until it is taken back, or so many (\`times\`), or a share of them (\`share\`, drawn by \`seed\`); \`match\` narrows it to
an \`account\`, an \`operation\`, a \`proxyType\`, an \`orderId\` or a direction (\`autoExtend\`). The account can be named
by \`?account=ID\` or the header \`mock-api-key\` as well.

\`\`\`sh
npx @auto-extend/mock-server faults add slow ms=500 --times 2 --switch on
\`\`\`

By a magic order ID, for programs that can set nothing else: \`fault-slow\`, with options
\`fault-slow:ms=500,jitter=100\`; several order IDs ask for several faults.
Each account has every magic order, with one IP address of the type that the request names; switching it changes nothing. A
mock in front of a real server does not know magic orders: there they are order IDs like any other. If several faults are
requested, each primitive is taken from the first source that has it: the header, then order IDs, then what is queued.`;

const ofYourOwn = `Six primitives combine: \`answer\`, \`delay\`, \`http\` (status and body), \`cut\`, \`lose\` and \`limit\`. The control API and
\`mock.faults.add\` take them in place of a preset, or on top of one:

\`\`\`json
{ "fault": { "delay": { "p50": 80, "p95": 400, "p99": 1500 }, "http": { "status": 503, "retryAfter": 2 } }, "share": 0.1, "seed": 7 }
\`\`\`

Their fields are in the document of the control API (\`GET /__mock/openapi.json\`), under \`FaultSpec\`.`;

/** @param {FaultOutcome} outcome */
function outcomeRow(outcome) {
  const { preset, options, calls, ends, attempts, effect, applied, once } = outcome;
  const chosen = Object.entries(options).map(([name, value]) => `; ${name}=${value}`);
  return [
    `${code(preset + chosen.join(""))}${calls ? `, met by ${calls} calls at once: the one that it strikes` : ""}`,
    code(ends),
    String(attempts.length),
    effect === null ? "" : code(effect),
    applied ? "yes" : "no",
    timeText(outcome),
    code(once.ends),
    String(once.attempts),
  ];
}

/** @param {string} preset */
function outcomesOf(preset) {
  const outcomes = faultOutcomes.filter((outcome) => outcome.preset === preset);
  if (outcomes.length > 0) return outcomes;
  throw new Error(`What our client shows of the fault ${preset} is not in fault-outcomes.mjs.`);
}
