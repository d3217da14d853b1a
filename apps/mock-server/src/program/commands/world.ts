import { findProxyType, type ProxyType, proxyTypes } from "@auto-extend/core";
import { type Command, InvalidArgumentError } from "commander";
import { inPieces } from "../../lib/text.js";
import { examplesHelp, exitCodesHelp, type Io, number, UsageError } from "../usage.js";
import { generateWorldText, type WorldOptions, worldDefaults } from "../world-generator.js";

const examples = [
  ["world new --orders 10000 --seed 7 > world.json", "ten thousand orders"],
  ["world new --addresses 9000 --types ISP > isp.json", "9000 addresses of one type"],
  ["--world world.json", "serve it"],
] as const;

const notes = `
The same options and version generate the same file, byte for byte. IDs and
prices are made up; the addresses are reserved for documentation.`;

export function addWorldCommand(program: Command, io: Pick<Io, "command" | "stdout">): void {
  const world = program
    .command("world")
    .description("Generates a world file.")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command");
  const { orders, seed, balance, onShare } = worldDefaults;
  world
    .command("new")
    .description("Generates a world of any size and writes its file to stdout.")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", `${exitCodesHelp}\n${examplesHelp(io, examples)}${notes}`)
    .allowExcessArguments(false)
    .option("--orders <number>", "number of orders", number, orders)
    .option("--addresses <number>", "number of IP addresses (default: 1 to 20 per order, mostly few)", number)
    .option("--seed <number>", "the seed of the generator: another one gives another world", number, seed)
    .option("--balance <amount>", "the balance of the account, in USD", number, balance)
    .option("--on-share <share>", "the share of addresses with auto-extend on, 0 to 1", number, onShare)
    .option("--types <list>", "the proxy types (default: all four)", types)
    .action((options: WorldOptions) => {
      try {
        for (const piece of inPieces(generateWorldText(options), 65_536)) io.stdout(piece);
      } catch (error) {
        throw error instanceof RangeError ? new UsageError(error.message) : error;
      }
    });
}

function types(text: string): ProxyType[] {
  const found = text.split(",").map((name) => findProxyType(name));
  if (found.every((type) => type !== undefined)) return found;
  throw new InvalidArgumentError(`Give some of ${proxyTypes.join(", ")}, separated by commas.`);
}
