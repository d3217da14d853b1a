import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireErrorCode } from "@auto-extend/core";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { execute, nodeOptions } from "../execute.ts";

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const { packages, projects, nodes } = inject("packed");
const pairs = nodes.flatMap((node) => projects.map((project) => ({ ...node, ...project })));

describe.concurrent.each(pairs)(
  "on Node $major, in the project $name",
  ({ major, path: node, name, folder }) => {
    // msw 3 needs Node 22.
    const hasMsw = name !== "no-zod" || major > 20;
    // A project without a zod gets zod 4 as well.
    const hasPrograms = name !== "no-zod";
    // The contract's schemas are run by zod/v3, whichever zod is there: the other parts show that it is found.
    const hasJob = name === "zod-4";
    let results: Record<string, unknown> = {};

    beforeAll(async () => {
      const parts = ["exports", name, ...(hasPrograms ? ["program"] : [])];
      if (hasJob) parts.push("job");
      if (hasMsw) parts.push("msw");
      const env = { NODE_OPTIONS: nodeOptions };
      const ended = await execute(node, [join(folder, "main.mjs"), ...parts], { cwd: tmpdir(), env });
      expect({ ...ended, stderr: withoutWarning(ended.stderr) }).toMatchObject({ exitCode: 0, stderr: "" });
      results = JSON.parse(ended.stdout);
    });

    it("is run by the Node that it should be", () => {
      expect(results.node).toMatch(new RegExp(`^v${major}\\.`));
    });

    it("exports from every entry what its sources export", async () => {
      const roots = packages.map(({ name }) => name);
      const entries = [...roots, "@auto-extend/mock-server/fetch", "@auto-extend/mock-server/testing"];
      const sources = entries.map(async (entry) => [entry, Object.keys(await import(entry)).sort()]);
      expect(results.exports).toEqual(Object.fromEntries(await Promise.all(sources)));
    });

    it("checks with the contract's schemas beside the user's own", () => {
      expect(results[name]).toEqual({ form: ["rentPeriodDays"], contract: true });
    });

    // Conditions, and not `runIf`: what does not concern a pair is not skipped.
    if (hasMsw) {
      it("answers behind MSW: a success, a refusal, and an answer that is lost", () => {
        expect(results.msw).toEqual({
          success: 1,
          refusal: ["ApiError", "none"],
          lost: ["NetworkError", "unknown"],
          decided: ["done", "refused", "done"],
        });
      });
    }

    if (hasPrograms) {
      it("runs a program that uses all packages, and passes all server cases", () => {
        expect(results.program).toEqual({
          quantity: 1,
          meaning: requireErrorCode(29).meaning,
          serverCases: { failed: 0, anyPassed: true, problems: [] },
          exitCode: 0,
          explained: true,
        });
      });
    }

    if (hasJob) {
      describe("the whole job, against a mock", () => {
        const job = () => results.job as Record<string, Ended> & { page: string; ledger: string };

        it("goes from the orders to a price, to a confirmed switch, to a forecast", () => {
          const { ids, price, on, csv, forecast, balance, periods, doctor, off, page } = job();
          const ended = [ids, price, on, csv, forecast, balance, periods, doctor, off];
          expect(ended.map((one) => [one?.exitCode, one?.stderr.replace(/Host: .*\n/, "")])).toEqual([
            [0, ""],
            [0, ""],
            [0, expect.stringContaining("Read back: 3 IP addresses are as requested.")],
            [0, ""],
            [0, expect.stringMatching(/^Wrote the page .*forecast\.html\.\n$/)],
            [0, ""],
            [0, ""],
            [0, ""],
            [0, expect.stringContaining("Auto-extend is off for 2 orders, 3 IP addresses.")],
          ]);
          expect(ids?.stdout.split("\n")).toContain("55555");
          expect(price?.stdout).toContain("2.40 USD");
          expect(on?.stderr).toContain("2.60 USD after one renewal of these 2 orders");
          expect(csv?.stdout).toMatch(/^type,orderId,.*\nIPv4,11111,1,DEU,.*,on,30\n/);
          expect(JSON.parse(balance?.stdout ?? "").result).toEqual({ balance: 5, currency: "USD" });
          expect(periods?.stdout).toContain("MOBILE  30\n");
          expect(doctor?.stdout).toContain("The API key is accepted.");
          expect(off?.stderr).toContain("Read back: 3 IP addresses are as requested.");
          expect(page).toContain("<svg");
        });

        it("switches a file of orders with a ledger, and feeds the failures back", () => {
          const { many, again, resumed } = job();
          expect([many, again, resumed].map((one) => one?.exitCode)).toEqual([6, 1, 6]);
          expect(many?.stderr).toContain("3 order IDs: 2 changed, 1 refused.");
          expect(JSON.parse(again?.stdout ?? "").result.failures).toMatchObject([
            { orderId: "99999", code: 29 },
          ]);
        });

        it("prints completion for each shell", () => {
          const { bash, zsh, fish, options } = job();
          for (const stub of [bash, zsh, fish]) {
            expect(stub).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("__complete") });
          }
          expect(options).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("--ending-within") });
        });

        it("prints and writes the API key nowhere", () => {
          expect(job().ledger).toContain("99999");
          expect(JSON.stringify(job())).not.toContain("canary-");
        });
      });
    }
  },
);

/** msw looks for `localStorage`, about which Node 26 warns. */
function withoutWarning(stderr: string): string {
  return stderr.replace(/^\(node:\d+\) \w*Warning: .*localStorage.*\n\(Use `.*\n/m, "");
}
