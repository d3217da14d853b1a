import { Argument, Command, Option } from "commander";
import { collect } from "../../src/program/values.js";

/** A text with everything in it that a shell could take for something else. */
export const oddText =
  'it\'s a [list]: \\ $HOME $(touch run-1) `touch run-2` "quoted" #1; 100% & {a,b} *? <x>';

/** A program with what the real one may come to have one day. */
export function oddProgram(): Command {
  const program = new Command("odd-one")
    .option("-f, --file <file>", oddText)
    .addOption(new Option("--auto <when>", "has choices").choices(["on", "off"]))
    .option("--tag <tag>", "can be repeated", collect)
    .addOption(new Option("--level [level]", "can do without a value").choices(["low", "it's high"]))
    .addOption(new Option("--secret", "is not shown").hideHelp());
  const world = program.command("world").alias("w").description(`${oddText}\nand a second line`);
  world
    .command("show")
    .addArgument(new Argument("<part>").choices(["orders", "accounts"]))
    .argument("[file...]")
    .option("--deep", "belongs to show alone");
  world.command("drop").description("drops it");
  program.command("hidden", { hidden: true });
  return program;
}
