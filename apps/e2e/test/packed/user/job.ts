// The whole job with the CLI against a mock, in a folder of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "@auto-extend/cli";
import { startMockServer } from "@auto-extend/mock-server";

const apiKey = "canary-9f8e7d6c5b4a";
const mock = await startMockServer();

async function autoExtend(...argv: string[]) {
  let stdout = "";
  let stderr = "";
  const exitCode = await run(argv, {
    stdin: process.stdin,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: { AUTO_EXTEND_API_KEY: apiKey, AUTO_EXTEND_BASE_URL: mock.url },
    confirm: async () => false,
  });
  return { exitCode, stdout, stderr };
}

const folder = mkdtempSync(join(tmpdir(), "auto-extend-job-"));
const file = (name: string) => join(folder, name);
writeFileSync(file("orders.csv"), "type,orderId,days\nIPv4,11111,30\nIPv4,99999,30\nISP,55555,30\n");
const many = ["on", "--file", file("orders.csv"), "--yes"];

export const result = {
  ids: await autoExtend("orders", "--auto", "off", "--ids"),
  price: await autoExtend("price", "11111", "22222"),
  on: await autoExtend("on", "11111", "22222", "--days", "30", "--yes"),
  csv: await autoExtend("orders", "--auto", "on", "--csv"),
  forecast: await autoExtend("forecast", "--days", "60", "--html", file("forecast.html")),
  balance: await autoExtend("balance", "--json"),
  periods: await autoExtend("periods"),
  doctor: await autoExtend("doctor"),
  off: await autoExtend("off", "11111", "22222"),
  many: await autoExtend(...many, "--ledger", file("run.jsonl"), "--failures", file("failed.csv")),
  again: await autoExtend("off", "--file", file("failed.csv"), "--json"),
  resumed: await autoExtend("on", "--resume", file("run.jsonl"), "--yes"),
  bash: await autoExtend("completion", "bash"),
  zsh: await autoExtend("completion", "zsh"),
  fish: await autoExtend("completion", "fish"),
  options: await autoExtend("__complete", "--", "orders", "--end"),
  page: readFileSync(file("forecast.html"), "utf8"),
  ledger: readFileSync(file("run.jsonl"), "utf8"),
};
rmSync(folder, { recursive: true });
await mock.close();
