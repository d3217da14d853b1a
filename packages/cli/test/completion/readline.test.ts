import { on } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { expect, it, onTestFinished } from "vitest";
import { runCli } from "../support/cli.js";
import { describeWith } from "../support/debian-package.js";
import { environmentIn, folderWith } from "./shell.js";

const prompt = "typed> ";

// `script` gives bash a terminal: only there does readline complete.
describeWith("bash", "bash with the script, on a terminal", () => {
  describeWith("bsdutils", "with the Tab key", () => {
    it("completes commands, options, values in any case, and files", async () => {
      const type = await terminal("orders.csv");
      expect(await type("auto-extend of\t--ty\tmob\t--da\t30 --fi\tor\t")).toEqual([
        "off",
        "--type",
        "MOBILE",
        "--days",
        "30",
        "--file",
        "orders.csv",
      ]);
    });

    it("completes as far as the words agree, and continues from there", async () => {
      const type = await terminal();
      expect(await type("auto-extend on --type ip\t6\t--dr\t")).toEqual([
        "on",
        "--type",
        "IPv6",
        "--dry-run",
      ]);
    });

    it("completes a value behind =, whether or not bash separates words there", async () => {
      const type = await terminal("orders.csv");
      const whole = ["off", "--type=ISP", "--file=orders.csv"];
      expect(await type("auto-extend off --type=is\t--file=or\t")).toEqual(whole);
      await type("COMP_WORDBREAKS=' :'");
      expect(await type("auto-extend off --type=is\t--fi\tor\t")).toEqual([
        "off",
        "--type=ISP",
        "--file",
        "orders.csv",
      ]);
    });

    it("does not take a part of a URL for a command", async () => {
      const type = await terminal();
      expect(await type("auto-extend --base-url http://127.0.0.1:4010 veri\t--gr\tobs\t")).toEqual([
        "--base-url",
        "http://127.0.0.1:4010",
        "verify",
        "--grade",
        "observed",
      ]);
    });

    it("completes at the cursor, whatever stands behind it", async () => {
      const type = await terminal();
      expect(await type(`auto-extend o --type IPv4${"\x1b[D".repeat(" --type IPv4".length)}f\t`)).toEqual([
        "off",
        "--type",
        "IPv4",
      ]);
    });

    it("completes files whose names contain blanks, and those in folders", async () => {
      const type = await terminal("my orders.csv");
      expect(await type("auto-extend on --file my\t")).toEqual(["on", "--file", "my orders.csv"]);
      expect(await type("auto-extend on --file ~/my\t")).toEqual([
        "on",
        "--file",
        expect.stringMatching(/^\/.*\/my orders\.csv$/),
      ]);
    });
  });
});

/**
 * Opens a bash on a terminal, in a folder with these files, with the script for it.
 *
 * @returns what types a line there and answers with the arguments that the program then got.
 */
async function terminal(...files: readonly string[]): Promise<(line: string) => Promise<string[]>> {
  const folder = await folderWith(...files);
  const scripts = await folderWith();
  const setup = join(scripts, "setup.bash");
  await writeFile(
    setup,
    `${(await runCli(["completion", "bash"])).stdout}
auto-extend() { if [[ $1 == __complete ]]; then command auto-extend "$@"; else printf '<%s>\\n' "$@"; fi; }
bind 'set enable-bracketed-paste off'
PS1='${prompt}'
`,
  );
  const bash = execa("script", ["-qec", `bash --noprofile --init-file '${setup}' -i`, "/dev/null"], {
    cwd: folder,
    env: { ...environmentIn(folder), SHELL: "/bin/bash" },
    extendEnv: false,
    stderr: "ignore",
    reject: false,
  });
  onTestFinished(() => {
    bash.kill();
  });
  await promptOf(bash.stdout);
  return async (line) => {
    const shown = promptOf(bash.stdout);
    bash.stdin.write(`${line}\n`);
    return [...(await shown).matchAll(/^<(.*)>\r?$/gm)].map(([, argument = ""]) => argument);
  };
}

/** The output of a shell until it is ready for the next line. */
async function promptOf(stdout: Readable): Promise<string> {
  let shown = "";
  for await (const [chunk] of on(stdout, "data", { close: ["end"] })) {
    shown += chunk;
    if (shown.endsWith(`\n${prompt}`) || shown === prompt) return shown;
  }
  throw new Error(`bash ended: ${shown}`);
}
