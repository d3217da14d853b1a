import { describe, expect, it } from "vitest";
import { brokenClients } from "./broken-clients.js";
import { canSay, driveCli } from "./cli-driver.js";
import { clientDriver } from "./client-driver.js";
import { type Carrier, clientCases, formatClientReport, runClientCases } from "./index.js";
import { startScriptedServer } from "./scripted-server.js";

const carriers: Readonly<Record<string, { carrier?: Carrier }>> = {
  "in its own process": {},
  "over a socket": { carrier: startScriptedServer },
};

for (const [where, run] of Object.entries(carriers)) {
  describe(`the client cases, ${where}`, () => {
    it("pass our client", async () => {
      const report = await runClientCases(clientDriver, run);
      expect(formatClientReport(report)).toMatch(new RegExp(`\n${clientCases.length} passed\n$`));
    });

    it("pass our CLI, with the exit codes that go with them", async () => {
      const ofSwitch = clientCases.filter(({ operation }) => operation === "setAutoExtend");
      const cases = ofSwitch.filter(canSay);
      expect(cases.length).toBeGreaterThan(ofSwitch.length - 10);
      const report = await runClientCases(driveCli, { ...run, cases });
      expect(formatClientReport(report)).toMatch(new RegExp(`\n${cases.length} passed\n$`));
    });
  });
}

describe("the client cases catch a client that", () => {
  for (const { does, caughtBy, driver } of brokenClients) {
    it(does, async () => {
      const cases = clientCases.filter(({ id }) => id === caughtBy);
      expect(await runClientCases(clientDriver, { cases })).toMatchObject({ passed: 1, failed: 0 });
      expect(await runClientCases(driver, { cases })).toMatchObject({ passed: 0, failed: 1 });
    });
  }
});
