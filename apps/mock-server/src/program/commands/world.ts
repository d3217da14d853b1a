import { findProxyType, type ProxyType, proxyTypes } from "@auto-extend/core";
import { type Command, InvalidArgumentError } from "commander";
import { wholeNumber } from "../arguments.js";
import type { Io } from "../io.js";
import { generateWorldText, type WorldOptions, worldDefaults, worldLimits } from "../world-generator.js";

const examples = `
The same options make the same file, byte for byte, as long as the version is the same. Ids, prices and the rest are made
up; the addresses are those that are reserved for documentation.

Examples:
  auto-extend-mock world new --orders 10000 --seed 7 > world.json
  auto-extend-mock world new --addresses 100000 --orders 20000 --types IPv4,ISP > large.json
  auto-extend-mock --world world.json                              serves it`;

/** Adds `world new` to the program: it makes a world up and writes its file to stdout. */
export function addWorldCommand(program: Command, io: Pick<Io, "stdout">): void {
  const world = program
    .command("world")
    .description("Makes a world file.")
    .helpOption("-h, --help", "show this help")
    .allowExcessArguments(true)
    .action((_, command: Command) => {
      command.error(
        'error: What there is to do with worlds is "new". Say: auto-extend-mock world new --help',
      );
    });
  const { orders, seed, balance, onShare } = worldDefaults;
  world
    .command("new")
    .description("Makes a world up, with as many orders as you like, and writes its file to stdout.")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", examples)
    .allowExcessArguments(false)
    .option("--orders <number>", "how many orders", wholeNumber(1, worldLimits.orders), orders)
    .option(
      "--addresses <number>",
      "how many IP addresses in all (default: 1 to 20 an order, most have few)",
      wholeNumber(1, worldLimits.addresses),
    )
    .option("--seed <number>", "another seed makes another world", wholeNumber(0, worldLimits.seed), seed)
    .option("--balance <amount>", "the balance, in USD", amount, balance)
    .option("--on-share <share>", "the share with auto-extend on: 0 none, 1 all", share, onShare)
    .option("--types <list>", "the proxy types (default: all four)", types)
    .action((options: WorldOptions, command: Command) => {
      try {
        writeInPieces(generateWorldText(options), io.stdout);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        // What no option is wrong for alone, such as too few addresses for the orders.
        command.error(`error: ${error.message}`);
      }
    });
}

/** How many characters are written at a time: a line each would be slow, and a large world is too much at once. */
const pieceLength = 65_536;

function writeInPieces(lines: Iterable<string>, write: Io["stdout"]): void {
  // Joined at once: a text to which each line was added takes several times the room while it waits for a slow reader.
  let piece: string[] = [];
  let length = 0;
  for (const line of lines) {
    piece.push(line);
    length += line.length;
    if (length < pieceLength) continue;
    write(piece.join(""));
    piece = [];
    length = 0;
  }
  write(piece.join(""));
}

function amount(text: string): number {
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give an amount with at most six decimals, such as 250 or 7.18.");
}

function share(text: string): number {
  if (/^(0|1|[01]?\.\d+)$/.test(text) && Number(text) <= 1) return Number(text);
  throw new InvalidArgumentError("Give a number from 0 (none) to 1 (all), such as 0.25.");
}

function types(text: string): ProxyType[] {
  const found = text.split(",").map((name) => findProxyType(name));
  if (found.every((type) => type !== undefined)) return found;
  throw new InvalidArgumentError(`Give some of ${proxyTypes.join(", ")}, with commas between them.`);
}
