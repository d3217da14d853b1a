import {
  createRedactor,
  type Effect,
  printable,
  type Redactor,
  withoutCredentialsToo,
} from "@auto-extend/core";
import { isColoured, type Paint, painter } from "./colour.js";
import type { GlobalOptions } from "./invocation.js";
import type { Io, Sink } from "./io.js";
import type { JsonError } from "./json-output.js";

/** What a command works with: the options, and the only ways out of the program, all of them redacted. */
export interface Context {
  readonly io: Io;
  /** The arguments as they were typed. */
  readonly argv: readonly string[];
  readonly options: GlobalOptions;
  /** Whether stdout takes colours. */
  readonly coloured: boolean;
  /** Colours for stdout, where it takes them. */
  readonly paint: Paint;
  /** Keeps a secret out of everything that is written from now on. */
  hide(secret: string): void;
  /** A text without the secrets, for what is written elsewhere than to the streams. */
  redact(text: string): string;
  /** Removes the secrets, and the credentials of proxies as well, from what is quoted of an answer. */
  readonly answerRedactor: Redactor;
  /** Writes data on stdout as it comes, where it is too much for the `text` of an outcome. */
  data(text: string): void;
  /** Tells a person something on stderr. */
  talk(text: string): void;
  /** Tells it too, and keeps it for the `notes` of `--json`. */
  note(text: string): void;
  /** Tells what the run may have done to the orders so far, in case it is cut short. */
  track(effect: Effect): void;
  /** Tells which host is talked to, and keeps it for the `host` of `--json`. */
  reach(host: string): void;
}

/** The other end of a {@link Context}: what the program itself writes, and what it was told. */
export interface Output {
  readonly context: Context;
  readonly notes: readonly string[];
  readonly host: string | null;
  readonly effect: Effect;
  /** Writes data for people on stdout. */
  data(text: string): void;
  /** Tells a person on stderr what went wrong. */
  failure(error: Pick<JsonError, "message" | "whatToDo">): void;
  /** Writes one JSON document on stdout. */
  json(document: unknown): void;
}

/** Connects a run to its streams. */
export function createOutput(
  argv: readonly string[],
  { io, options }: { io: Io; options: GlobalOptions },
): Output {
  const secrets = [io.env.AUTO_EXTEND_API_KEY?.trim() ?? ""];
  let redactor = createRedactor(...secrets);
  const notes: string[] = [];
  let host: string | null = null;
  let effect: Effect = "none";
  const coloured = isColoured(io.stdout, { options, env: io.env });
  const paintTalk = painter(isColoured(io.stderr, { options, env: io.env }));

  function print(sink: Sink, text: string): void {
    // What a command painted keeps its colours.
    sink.write(printable(redactor.text(text), { colours: true }));
  }

  const context: Context = {
    io,
    argv,
    options,
    coloured,
    paint: painter(coloured),
    hide(secret) {
      secrets.push(secret);
      redactor = createRedactor(...secrets);
    },
    redact: (text) => redactor.text(text),
    answerRedactor: withoutCredentialsToo({
      text: (text) => redactor.text(text),
      value: (value) => redactor.value(value),
    }),
    data: (text) => print(io.stdout, text),
    talk: (text) => print(io.stderr, `${text}\n`),
    note(text) {
      notes.push(text);
      print(io.stderr, `${paintTalk("yellow", "note:")} ${text}\n`);
    },
    track(now) {
      effect = now;
    },
    reach(name) {
      host = name;
      print(io.stderr, `Host: ${name}\n`);
    },
  };
  return {
    context,
    notes,
    get host() {
      return host;
    },
    get effect() {
      return effect;
    },
    data: context.data,
    failure: ({ message, whatToDo }) => context.talk(`${paintTalk("red", "error:")} ${message}\n${whatToDo}`),
    // Redacted before it is written as JSON: afterwards a secret's end could take an escape apart.
    json: (document) => io.stdout.write(`${JSON.stringify(redactor.value(document), null, 2)}\n`),
  };
}
