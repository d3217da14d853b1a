// A program as users write it: each package in it does what it is there for.
import { run } from "@auto-extend/cli";
import { createClient, isApiError, type SetAutoExtendInput } from "@auto-extend/client";
import { runServerCases } from "@auto-extend/contract-tests";
import { describeErrorCode } from "@auto-extend/core";
import { startMockServer } from "@auto-extend/mock-server";

const mock = await startMockServer();
const account = { apiKey: "any-key", baseUrl: mock.url };
const client = createClient(account);

const order: SetAutoExtendInput = {
  proxyType: "IPv4",
  orderIds: ["11111"],
  rentPeriodDays: 30,
  // @ts-expect-error: were the types lost on their way here, a text would do.
  autoExtend: "yes",
};
const { quantity } = await client.setAutoExtend({ ...order, autoExtend: true });
const refusal: unknown = await client
  .setAutoExtend({ ...order, orderIds: ["99999"], autoExtend: false })
  .then(
    () => null,
    (error: unknown) => error,
  );
const meaning = isApiError(refusal) ? describeErrorCode(refusal.code).meaning : null;
const { failed, passed, cases } = await runServerCases({ ...account, only: "setAutoExtend/" });

const said: string[] = [];
const exitCode = await run(["errors", "4"], {
  stdin: process.stdin,
  stdout: { write: (text) => said.push(text) },
  stderr: process.stderr,
  env: {},
  confirm: async () => false,
});

await mock.close();
const explained = said.join("").includes("Incorrect proxy type");
export const result = {
  quantity,
  meaning,
  serverCases: { failed, anyPassed: passed > 0, problems: cases.flatMap(({ problems }) => problems) },
  exitCode,
  explained,
};
