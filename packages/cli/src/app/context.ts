/** The surroundings of a run: its streams and options, and the only ways out of the program, which redact and clean. */
import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { styleText } from "node:util";
import { createRedactor, credentialRedactor, type Effect, type Issue } from "@auto-extend/core";
import type { JsonError } from "./failure.js";
import { clean, cleanShort, numberText, widthOf, wrap } from "./format.js";

export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly fd?: number | undefined;
}

/** Everything that the program knows of the world: `bin.ts` passes in the process, a test its own. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined; readonly fd?: number };
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks a yes-or-no question on stderr; anything but a clear yes is `false`. */
  confirm(question: string, signal?: AbortSignal): Promise<boolean>;
  /** The `fetch` to use (default: one that honours the proxy variables of {@link Io.env}). */
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
}

/** The options that every command takes, before or after its name. */
export interface GlobalOptions {
  readonly baseUrl?: string;
  readonly apiKeyFile?: string;
  readonly timeout?: number;
  readonly allowHttp?: true;
  readonly json?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

export type Paint = (colour: Colour, text: string) => string;
type Colour = "bold" | "dim" | "green" | "red" | "yellow";

/** The surroundings that a command gets. */
export type Context = ReturnType<typeof createOutput>["context"];

/** The other end of a {@link Context}: what the program itself writes, and what it recorded. */
export type Output = ReturnType<typeof createOutput>;

/** How much of one message is shown, in characters: parts of it can come from a server. */
const maxTextLength = 4_000;

export function createOutput(argv: readonly string[], { io, options }: { io: Io; options: GlobalOptions }) {
  const secrets = [io.env.AUTO_EXTEND_API_KEY?.trim() ?? ""];
  let redactor = createRedactor(...secrets);
  const notes = new Map<string, number>();
  let host: string | null = null;
  let effect: Effect = "none";
  const colours = createColours();
  const coloured = isColoured(io.stdout, { options, env: io.env });
  const paintTalk = colours.painter(isColoured(io.stderr, { options, env: io.env }));

  function print(sink: Sink, text: string): void {
    sink.write(colours.apply(clean(redactor.text(text), { keepLines: true })));
  }

  // Secrets are removed first: a line break in one would hide it.
  const lines = (text: string) => wrap(redactor.text(text), widthIn(io.stderr));

  /** Painted after the text was wrapped: the marks of a colour would take room. */
  function label(name: string, colour: Colour, text: string): void {
    print(io.stderr, `${paintTalk(colour, name)}${lines(`${name} ${text}`).slice(name.length)}\n`);
  }

  const context = {
    ...{ io, argv, options, coloured, paint: colours.painter(coloured) },
    /** Keeps the colours of a text that another package has coloured and cleaned. */
    keepColours: colours.adopt,
    /** The width of stderr; infinite if it is not a terminal, since text in a file or a log is not wrapped. */
    get width() {
      return widthIn(io.stderr);
    },
    get dataWidth() {
      return widthIn(io.stdout);
    },
    /** Keeps a secret out of everything that is written from now on. */
    hide(secret: string) {
      secrets.push(secret);
      redactor = createRedactor(...secrets);
    },
    /** Removes the secrets from a text that is written elsewhere than to the streams. */
    redact: (text: string) => redactor.text(text),
    /** Removes the secrets, and the credentials of proxies as well, from quoted parts of an answer. */
    answerRedactor: credentialRedactor({
      text: (text) => redactor.text(text),
      value: (value) => redactor.value(value),
    }),
    data: (text: string) => print(io.stdout, text),
    /** Writes one line for people to stderr, wrapped to its width. A line end within it is shown, not written. */
    talk: (text: string) => print(io.stderr, `${lines(cleanShort(redactor.text(text), maxTextLength))}\n`),
    /** Writes a note of one line to stderr, and keeps it for the `notes` of `--json`. A repeated note is dropped. */
    note(text: string) {
      const note = cleanShort(redactor.text(text), maxTextLength);
      const times = (notes.get(note) ?? 0) + 1;
      notes.set(note, times);
      if (times === 1) label("note:", "yellow", note);
    },
    /** @param issues a line for each, below the message. */
    error(message: string, whatToDo: string, issues: readonly Issue[] = []) {
      const found = issues.map((issue) => `  ${issue.path}: ${issue.message}`);
      const parts = [message, ...found, whatToDo].filter((part) => part !== "");
      label("error:", "red", parts.map((part) => cleanShort(redactor.text(part), maxTextLength)).join("\n"));
    },
    track(now: Effect) {
      effect = now;
    },
    /** Shows the host, and keeps it for the `host` of `--json`. */
    reach(name: string) {
      host = clean(name);
      print(io.stderr, `Host: ${host}\n`);
    },
  };
  return {
    context,
    get notes() {
      return [...notes].map(([note, times]) => (times > 1 ? `${note} (${times} times)` : note));
    },
    get host() {
      return host;
    },
    get effect() {
      return effect;
    },
    failure({ name, message, whatToDo, issues }: JsonError) {
      // Somebody who said no needs no alarm.
      if (name === "Declined") context.talk(message);
      // The lines of a stack are our own.
      else if (name === "Bug") label("error:", "red", `${message}\n${whatToDo}`);
      // The message has a single problem itself.
      else context.error(message, whatToDo, name === "UsageError" && issues.length > 1 ? issues : []);
    },
    /** Writes how many times notes came that were written once. */
    countNotes() {
      for (const [note, times] of notes) {
        if (times > 1) context.talk(`${numberText(times)} times in all: "${cleanShort(note, 60)}"`);
      }
    },
    // Redacted before it is written as JSON: a secret whose end looks like an escape would survive afterwards.
    json: (document: unknown) =>
      io.stdout.write(`${clean(JSON.stringify(redactor.value(document), null, 2), { keepLines: true })}\n`),
  };
}

function widthIn(sink: Sink): number {
  return sink.isTTY ? widthOf(sink) : Number.POSITIVE_INFINITY;
}

/** Whether a stream takes colours: `--no-color`, `NO_COLOR` and `FORCE_COLOR` decide in this order, then the terminal. */
function isColoured(
  sink: Sink,
  { options, env }: { options: Pick<GlobalOptions, "color">; env: Io["env"] },
): boolean {
  if (!options.color || env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return sink.isTTY === true && env.TERM !== "dumb";
}

/**
 * Colours as marks that only this run knows, and that become terminal sequences after everything else was cleaned. So
 * text from outside cannot set colours.
 */
function createColours() {
  const nonce = randomUUID();
  const mark = (codes: string) => `\uE000${nonce}${codes}\uE001`;
  const marks = new RegExp(`\uE000${nonce}(\\d+)\uE001`, "g");
  return {
    painter: (coloured: boolean) => painter(coloured, mark),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's sequences begin with one.
    adopt: (text: string) => text.replace(/\u001b\[(\d+)m/g, (_, code: string) => mark(code)),
    apply: (text: string) => text.replace(marks, "\u001b[$1m"),
  };
}

const terminalCode = (code: string) => `\u001b[${code}m`;

/** Colours texts, by default with the sequences of a terminal, or leaves them as they are. */
export function painter(coloured: boolean, mark: (code: string) => string = terminalCode): Paint {
  if (!coloured) return (_, text) => text;
  return (colour, text) =>
    styleText(colour, text, { validateStream: false }).replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's sequences begin with one.
      /\u001b\[(\d+)m/g,
      (_, code: string) => mark(code),
    );
}
