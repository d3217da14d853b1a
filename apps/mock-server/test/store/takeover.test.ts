import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import type { MockServer } from "../../src/start-mock-server.js";
import { off, on } from "../support/call.js";
import { post, saved, startMock, stateFolder } from "./folder.js";

/** Two mocks with one file: the first one learns that it has lost it. */
async function takenOver() {
  const place = await stateFolder();
  const onStateTrouble = vi.fn();
  const first = await startMock({ stateFile: place.file, onStateTrouble });
  await post(first, "my-key");
  await vi.waitFor(async () => expect((await saved(place.file)).copies).toHaveLength(1), 20_000);
  const second = await startMock({ stateFile: place.file });
  await vi.waitFor(() => expect(onStateTrouble).toHaveBeenCalled(), 20_000);
  return { ...place, first, second, onStateTrouble };
}

async function control(mock: MockServer, method: string, path: string, body?: unknown) {
  const response = await fetch(`${mock.url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

describe("a mock whose state file another mock has taken over", () => {
  it("says so once, also while nothing changes, and leaves the file to the other", async () => {
    const { file, first, second, onStateTrouble } = await takenOver();
    expect(onStateTrouble).toHaveBeenCalledOnce();
    expect(onStateTrouble.mock.lastCall?.[0]).toMatchObject({
      name: "StateTakenOverError",
      message: expect.stringContaining(`Another mock or program has changed the state file ${file}.`),
    });
    const { revision } = await saved(file);
    await post(second, "other-key", on);
    await second.close();
    const text = await readFile(file, "utf8");
    expect(JSON.parse(text).revision).toBe(revision + 1);
    await first.close().catch(() => {});
    expect(await readFile(file, "utf8")).toBe(text);
    expect(onStateTrouble).toHaveBeenCalledOnce();
  });

  it("answers requests that change the state with 503, and logs them, and others as before", async () => {
    const { first } = await takenOver();
    const before = first.state();
    const response = await fetch(`${first.url}/client/api/v1/my-key/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(off),
    });
    expect(response.status).toBe(503);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      status: 503,
      detail: expect.stringContaining("Another mock or program"),
    });
    expect(first.requests().at(-1)).toMatchObject({
      status: 503,
      decided: { outcome: "problem", statement: "mock/state-taken-over" },
    });
    for (const [method, path, body] of [
      ["PUT", "/__mock/state", before],
      ["POST", "/__mock/reset", undefined],
      ["POST", "/__mock/clock", { advance: { days: 1 } }],
    ] as const) {
      expect((await control(first, method, path, body)).status).toBe(503);
    }
    const { detail } = JSON.parse((await control(first, "POST", "/__mock/reset")).text);
    for (const change of [
      () => first.putState(before),
      () => first.reset(),
      () => first.clock.advance({ days: 1 }),
      () => first.clock.toNextRenewal(),
      () => first.clock.freeze(),
    ]) {
      expect(change).toThrow(expect.objectContaining({ name: "ControlError", message: detail }));
    }
    expect((await control(first, "GET", "/client/api/v1/my-key/balance")).text).toContain('"success":true');
    expect((await control(first, "GET", "/__mock/state")).status).toBe(200);
    expect((await control(first, "POST", "/__mock/faults", { preset: "slow" })).status).toBe(201);
    expect(first.state().accounts).toEqual(before.accounts);
  });

  // For up to half a second it answered 200 to changes that were never saved.
  it("refuses the very next request that changes the state", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file, onStateTrouble: () => {} });
    await startMock({ stateFile: file });
    const { status } = await fetch(`${first.url}/client/api/v1/my-key/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(on),
    });
    expect(status).toBe(503);
  });

  it("closes without an error if all its changes are in the file, and with one if not", async () => {
    const { first } = await takenOver();
    await first.close();
    const { file } = await stateFolder();
    const other = await startMock({ stateFile: file });
    await post(other, "my-key");
    await writeFile(file, (await readFile(file, "utf8")).replace(/"writer":"[^"]+"/, '"writer":"another"'));
    await expect(other.close()).rejects.toMatchObject({
      name: "StateTakenOverError",
      message: expect.stringContaining("Changes since the last write are lost."),
    });
  });
});

describe("a state file", () => {
  it("can be used at once by the next mock: a container has a new host name each time", async () => {
    const { file } = await stateFolder();
    const first = await startMock({ stateFile: file });
    await post(first, "my-key");
    const second = await startMock({ stateFile: file });
    expect(second.url).not.toBe(first.url);
    await post(second, "my-key", on);
    await second.close();
  });

  it("counts as taken over if an older copy was put in its place", async () => {
    const { file, folder } = await stateFolder();
    const onStateTrouble = vi.fn();
    const mock = await startMock({ stateFile: file, onStateTrouble });
    await copyFile(file, `${folder}/copy`);
    for (const apiKey of ["first-key", "other-key"]) {
      const { revision } = await saved(file);
      await post(mock, apiKey);
      await vi.waitFor(async () => expect((await saved(file)).revision).toBeGreaterThan(revision), 20_000);
    }
    await copyFile(`${folder}/copy`, file);
    await vi.waitFor(() => expect(onStateTrouble).toHaveBeenCalled(), 20_000);
    expect(onStateTrouble.mock.lastCall?.[0]).toMatchObject({
      message: expect.stringContaining("Another mock or program has changed the state file"),
    });
  });

  it("is written again once what another program put there was moved away", async () => {
    const { file } = await stateFolder();
    const onStateTrouble = vi.fn();
    const mock = await startMock({ stateFile: file, onStateTrouble });
    const switched = async () => {
      const path = "/client/api/v1/my-key/extend/order/auto";
      const { status, text } = await control(mock, "POST", path, on);
      return [status, text] as const;
    };
    await writeFile(file, "garbage");
    await vi.waitFor(() => expect(onStateTrouble).toHaveBeenCalledOnce(), 20_000);
    expect(onStateTrouble.mock.lastCall?.[0]).toMatchObject({
      name: "StateTakenOverError",
      message: expect.stringContaining(`Another mock or program has changed the state file ${file}.`),
    });
    expect(await switched()).toEqual([503, expect.stringContaining("move the file away")]);
    expect(await readFile(file, "utf8")).toBe("garbage");
    await rm(file);
    await vi.waitFor(() => expect(onStateTrouble).toHaveBeenLastCalledWith(null), 20_000);
    expect((await switched())[0]).toBe(200);
    await mock.close();
    expect((await saved(file)).copies).toHaveLength(1);
  });

  it("stays with its mock if it was removed or only touched", async () => {
    const { file } = await stateFolder();
    const onStateTrouble = vi.fn();
    const mock = await startMock({ stateFile: file, onStateTrouble });
    await writeFile(file, await readFile(file));
    await post(mock, "my-key");
    await mock.close();
    expect(onStateTrouble).not.toHaveBeenCalled();
    expect((await saved(file)).copies).toHaveLength(1);
  });

  it.skipIf(process.platform === "win32")(
    "may be out of reach for a while, as on a network drive: that is reported, and the mock keeps serving",
    async () => {
      const { folder } = await stateFolder();
      const place = `${folder}/drive`;
      await mkdir(place);
      const onStateTrouble = vi.fn();
      const mock = await startMock({ stateFile: `${place}/state.json`, onStateTrouble });
      await rename(place, `${folder}/away`);
      // Whoever looks for the file now gets ELOOP.
      await symlink("drive", place);
      await post(mock, "my-key");
      await vi.waitFor(() => expect(onStateTrouble).toHaveBeenCalledOnce(), 20_000);
      expect(onStateTrouble.mock.lastCall?.[0]).toMatchObject({ name: "StateWriteError" });
      await rm(place);
      await rename(`${folder}/away`, place);
      await mock.close();
      expect((await saved(`${place}/state.json`)).copies).toHaveLength(1);
    },
  );
});
