import { faultOutcomes } from "./fault-outcomes.mjs";

/** @import { Preset, PresetOption } from "@auto-extend/mock-server" */
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
    table(
      ["preset", "what happens", "options, and what they are where you choose none"],
      presets.map(presetRow),
    ),
    "## What our client shows",
    "One call that switches an order on, with the client's default of three attempts. *Always* is a fault that strikes each attempt, *once* one that strikes the first alone. *Effect* is what the error says was done, *done* whether it was: where the effect is `unknown`, both are possible. The time is that of the default settings, with the fault striking always.",
    table(
      ["preset", "always: ends with", "attempts", "effect", "done", "time", "once: ends with", "attempts"],
      presets.map(({ name }) => outcomeRow(name, outcomeOf(name))),
    ),
    "`limit` and `limit-at-once` strike what is over the limit alone; such a request meets what `rate-limited` shows.",
    "## Faults of your own",
    ofYourOwn,
  ].join("\n\n")}\n`;
}

const askingFor = `For one request, by a header (RFC 7240), with options behind it; several at once with a plus between them. The answer's
\`preference-applied\` says that it was understood. \`fault=none\` keeps waiting faults away from a request.

\`\`\`
Prefer: fault=slow; ms=500
Prefer: fault=slow+lost-answer; ms=500
\`\`\`

For the next requests, by the control API, or in the same process by \`mock.faults.add(...)\`; \`times\`, \`share\` (with
\`seed\`), \`match\` and the account narrow it down:

\`\`\`sh
curl -s http://127.0.0.1:4010/__mock/faults -H 'content-type: application/json' \\
  -d '{"preset":"gateway-502","times":2,"match":{"autoExtend":true}}'
\`\`\`

By a magic order id or API key, for programs that can set nothing else: \`fault-slow\`, with options \`fault-slow:ms=500\`.
Each account has every magic order, with one IP address and of the type that is asked for; what is switched of it is
forgotten. Where several faults are asked for, each primitive is taken from the first that has it: the header before
order ids, those before the API key, and that before what waits.`;

const ofYourOwn = `Six primitives combine: \`answer\`, \`delay\`, \`http\` (status and body), \`cut\`, \`lose\` and \`limit\`. The control API and
\`mock.faults.add\` take them in place of a preset, or on top of one:

\`\`\`json
{ "fault": { "delay": { "p50": 80, "p95": 400, "p99": 1500 }, "http": { "status": 503, "retryAfter": 2 } }, "share": 0.1, "seed": 7 }
\`\`\`

Their fields are in [control-api.json](control-api.json), under \`FaultOrder\`.`;

/** @param {Preset} preset */
function presetRow({ name, description, options }) {
  return [code(name), description, options.map(optionText).join("; ")];
}

/** @param {PresetOption} option */
function optionText({ name, description, fallback, choices, range }) {
  const value = fallback === "" ? "empty" : code(String(fallback));
  const choice = choices ? `, one of ${choices.join(", ")}` : range ? `, ${range[0]} to ${range[1]}` : "";
  return `${code(name)}: ${description} (${value}${choice})`;
}

/** @param {string} name @param {FaultOutcome} outcome */
function outcomeRow(name, { ends, attempts, effect, applied, time, once }) {
  return [
    code(name),
    code(ends),
    String(attempts),
    effect === null ? "" : code(effect),
    applied ? "yes" : "no",
    time,
    code(once.ends),
    String(once.attempts),
  ];
}

/** @param {string} name */
function outcomeOf(name) {
  const outcome = faultOutcomes[name];
  if (!outcome) throw new Error(`What our client shows of the fault ${name} is not in fault-outcomes.mjs.`);
  return outcome;
}

/** @param {string[]} heads @param {string[][]} rows */
function table(heads, rows) {
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** @param {string} text */
function code(text) {
  return `\`${text}\``;
}
