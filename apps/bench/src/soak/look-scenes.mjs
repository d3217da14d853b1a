// What the control API tells.
import { promisedFaults } from "./faults.mjs";
import { control } from "./request.mjs";
import { json, problemOf, sameList } from "./verdicts.mjs";
import { lasting } from "./world.mjs";

const types = Object.keys(lasting);
const presetsKnown = Object.keys(promisedFaults).sort();

/** Looks at what the control API tells of this account, where it is known what that must be. */
export async function look(worker) {
  const { random, account, isOn, lastId } = worker;
  const narrowed = `?account=${account}`;
  const [kind, text, verdict] = random.of([
    [
      "control: state",
      control("GET", `/state${narrowed}`),
      (answer) => json(answer, 200, (state) => isAsLeft(state, isOn)),
    ],
    [
      "control: clock",
      control("GET", `/clock${narrowed}`),
      (answer) => json(answer, 200, ({ now }) => !Number.isNaN(Date.parse(now))),
    ],
    [
      "control: health",
      control("GET", "/health"),
      (answer) => json(answer, 200, ({ status }) => status === "ok"),
    ],
    [
      "control: presets",
      control("GET", "/faults/presets"),
      (answer) =>
        json(answer, 200, ({ presets }) => sameList(presets.map(({ name }) => name).sort(), presetsKnown)),
    ],
    ["control: unknown", control("GET", "/nothing"), (answer) => problemOf(answer, 404)],
    ["control: wrong query", control("GET", "/state?acount=1"), (answer) => problemOf(answer, 400)],
    ["control: no account", control("GET", "/state?account=nobody"), (answer) => problemOf(answer, 404)],
    [
      "control: wrong fault",
      control("POST", "/faults", { preset: "nothing" }),
      (answer) => problemOf(answer, 400),
    ],
    [
      "control: wrong world",
      control("PUT", `/state${narrowed}`, { version: 2 }),
      (answer) => problemOf(answer, 400),
    ],
    ["control: explain", control("GET", `/requests/${lastId ?? "last"}`), (answer) => isStory(answer)],
  ]);
  await worker.ask(kind, text, verdict);
}

/** The lasting orders are as they were left. */
function isAsLeft({ accounts: [{ orders }] }, isOn) {
  return types.every((proxyType) => {
    const order = orders.find(({ orderId }) => orderId === lasting[proxyType].orderId);
    return order.ipAddresses.every(({ autoExtend }) => autoExtend === isOn[proxyType]);
  });
}

/** The log keeps the last requests only: one may be gone already. */
function isStory(answer) {
  if (answer.status === 404) return problemOf(answer, 404);
  return json(
    answer,
    200,
    ({ id, rules, text }) => id.startsWith("request-") && Array.isArray(rules) && text !== "",
  );
}

/** Whoever reads the log has many entries written out, so it comes less often. */
export async function readLog(worker) {
  const { random, account } = worker;
  const filter = random.of([
    "",
    "&outcome=done",
    "&code=29",
    "&status=502",
    "&fault=slow",
    "&autoExtend=true",
    "&proxyType=ISP",
  ]);
  const [kind, text, verdict] = random.of([
    [
      "control: requests",
      control("GET", `/requests?account=${account}&limit=5${filter}`),
      (answer) => json(answer, 200, ({ requests }) => requests.length <= 5),
    ],
    [
      "control: verify",
      control("POST", `/verify?account=${account}`, { outcome: "done", times: { atLeast: 0 } }),
      (answer) => json(answer, 200, ({ passed }) => passed),
    ],
    [
      "control: verify, in vain",
      control("POST", `/verify?account=${account}`, { orderId: "never-asked-for" }),
      (answer) => problemOf(answer, 409),
    ],
  ]);
  await worker.ask(kind, text, verdict);
}
