import type { Command } from "commander";
import {
  generateWorldText,
  type WorldOptions,
  worldDefaults,
  worldOptionsSchema,
} from "../../engine/state/world-generator.js";
import { inPieces } from "../../lib/text.js";
import { examplesHelp, exitCodesHelp, type Io, numberBy, proxyTypeOf, UsageError } from "../usage.js";

const examples = [
  ["world new --orders 10000 --seed 7 > world.json", "ten thousand orders"],
  ["world new --addresses 9000 --types ISP > isp.json", "9000 addresses of one type"],
  ["--world world.json", "serve it"],
] as const;

const notes = `
The same options and version generate the same file, byte for byte. IDs and
prices are made up; the addresses are reserved for documentation.`;

export function addWorldCommand(program: Command, io: Pick<Io, "command" | "stdout">): void {
  const help = `${exitCodesHelp.local}\n${examplesHelp(io, examples)}${notes}`;
  const world = program
    .command("world")
    .description("Generate a world file (world new).")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .addHelpText("after", help);
  const { orders, seed, balance, onShare } = worldDefaults;
  const { shape } = worldOptionsSchema;
  world
    .command("new")
    .description("Generate a world of any size, and write its file to stdout.")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", help)
    .allowExcessArguments(false)
    .option("--orders <number>", "number of orders", numberBy(shape.orders), orders)
    .option(
      "--addresses <number>",
      "number of IP addresses (default: 1 to 20 per order, usually only a few)",
      numberBy(shape.addresses),
    )
    .option(
      "--seed <number>",
      "the seed of the generator: another one gives another world",
      numberBy(shape.seed),
      seed,
    )
    .option("--balance <amount>", "the balance of the account, in USD", numberBy(shape.balance), balance)
    .option(
      "--on-share <share>",
      "the share of addresses with auto-extend on, 0 to 1",
      numberBy(shape.onShare),
      onShare,
    )
    .option("--types <list>", "the proxy types (default: all four)", types)
    .action((options: WorldOptions) => {
      try {
        for (const piece of inPieces(generateWorldText(options), 65_536)) io.stdout(piece);
      } catch (error) {
        throw error instanceof RangeError ? new UsageError(error.message) : error;
      }
    });
}

function types(text: string) {
  return text.split(",").map(proxyTypeOf);
}
