import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { otherServers } from "../../src/others/servers.mjs";
import { prepareServers, usualLoad } from "../../src/speed/servers.mjs";

const successes = usualLoad.requests.filter(({ expect }) => expect.endsWith("true")).slice(0, 3);

// The mock's own dependencies have Express; the other libraries are installed only when they are to be measured.
it("lets another library give the answers of the mock", async () => {
  const { answers } = await prepareServers({ name: "others", requests: successes });
  const folder = dirname(fileURLToPath(new URL("../../../mock-server/package.json", import.meta.url)));
  const servers = await otherServers(folder, answers);
  expect(servers.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["fastify", "hono", "mockttp", "express", "Prism", "Mockoon"]),
  );
  const express = await servers.find(({ name }) => name === "express")?.start();
  for (const { path, method, headers, body, expect: part } of successes) {
    const answer = await fetch(new URL(path, express?.url), { method, headers, body });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(part);
  }
  await express?.stop();
});
