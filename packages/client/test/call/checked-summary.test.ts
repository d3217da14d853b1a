import { type ClientEvent, isContractError } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import { clientOf, errorOf, nowhere, request, success } from "../support/fixtures.js";

/** A client whose server answers with a success of this quantity, and its events. */
function answering(body: object, status = 200) {
  const events: ClientEvent[] = [];
  let calls = 0;
  const fetch = async () => {
    calls += 1;
    return Response.json(body, { status });
  };
  const client = clientOf(nowhere, { fetch, onEvent: (event) => events.push(event), retry: {} });
  return { client, events, callCount: () => calls };
}

const threeOrders = { ...request, orderIds: ["1", "2", "3"] };

function withQuantity(quantity: unknown) {
  const { ipAddressIds: _, ...rest } = success;
  return { ...rest, quantity };
}

describe("a quantity", () => {
  it.each([0, 2])("of %d for three orders is returned, with a finding event", async (quantity) => {
    const { client, events } = answering(withQuantity(quantity));
    await expect(client.setAutoExtend(threeOrders)).resolves.toEqual(withQuantity(quantity));
    expect(events.map(({ type }) => type)).toEqual(["attempt", "answer", "finding"]);
    expect(events[2]).toMatchObject({
      operation: "setAutoExtend",
      finding: {
        part: "body",
        path: "quantity",
        level: "lawful",
        statement: "setAutoExtend/every-order-counts",
      },
    });
  });

  it.each([3, 700])("of %d for three orders is returned without an event", async (quantity) => {
    const { client, events } = answering(withQuantity(quantity));
    await expect(client.setAutoExtend(threeOrders)).resolves.toMatchObject({ quantity });
    expect(events.map(({ type }) => type)).toEqual(["attempt", "answer"]);
  });

  it("is compared with the distinct orders", async () => {
    const { client, events } = answering(withQuantity(1));
    await client.setAutoExtend({ ...request, orderIds: ["1", "1", "1"] });
    expect(events.map(({ type }) => type)).toEqual(["attempt", "answer"]);
  });

  it.each([-1, 1.5])("of %j is a ContractError, and not repeated", async (quantity) => {
    const { client, callCount } = answering(withQuantity(quantity));
    const error = await errorOf(client.setAutoExtend(threeOrders));
    if (!isContractError(error)) expect.fail(error.name);
    expect(error).toMatchObject({ effect: "reported-applied", attempts: 1 });
    expect(error.issues.map(({ path }) => path)).toEqual(["quantity"]);
    expect(callCount()).toBe(1);
  });
});

describe("a success that differs from the contract without breaking its caller", () => {
  it("is returned, with a finding event for each difference", async () => {
    const body = { ...success, balance: null };
    const { client, events } = answering(body, 201);
    await expect(client.setAutoExtend(request)).resolves.toEqual(body);
    const findings = events.flatMap((event) => (event.type === "finding" ? [event.finding] : []));
    expect(findings.map(({ part, path }) => [part, path])).toEqual([
      ["body", "balance"],
      ["status", ""],
    ]);
  });

  it("can be aborted by the listener of its findings", async () => {
    const controller = new AbortController();
    const reason = new Error("seen enough");
    const client = clientOf(nowhere, {
      fetch: async () => Response.json(withQuantity(0)),
      onEvent: ({ type }) => type === "finding" && controller.abort(reason),
    });
    await expect(client.setAutoExtend(request, { signal: controller.signal })).rejects.toBe(reason);
  });
});
