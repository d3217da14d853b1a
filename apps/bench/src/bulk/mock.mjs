import { startProgram } from "../soak/program.mjs";

/**
 * Starts the mock's program, and asks it what it knows.
 *
 * @param {object} world
 */
export async function startMock(world) {
  const program = await startProgram(world, []);

  async function ask(path, init) {
    const answer = await fetch(new URL(`/__mock${path}`, program.url), {
      ...init,
      headers: { "content-type": "application/json" },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 500)}`);
    return text === "" ? null : JSON.parse(text);
  }

  return {
    url: program.url,
    stop: program.stop,
    /** The orders, as they are now. */
    orders: async () => (await ask("/state?account=bulk")).accounts[0].orders,
    presetNames: async () => (await ask("/faults/presets")).presets.map(({ name }) => name).sort(),
    order: (fault) => ask("/faults", { method: "POST", body: JSON.stringify(fault) }),
    /** The faults that wait, with how often each has struck. */
    faults: async () => (await ask("/faults")).faults,
    /** How many requests have come. */
    async requests() {
      const { requests } = await ask("/requests?limit=1");
      return Number(/\d+$/.exec(requests[0]?.id ?? "0")?.[0]);
    },
  };
}
