import type { Redactor } from "@auto-extend/core";

/** What is taken over of an error, where it has it. */
interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** How far causes are copied. */
const deepest = 8;

/** Copies an error without the API key: name, message, code and stack, and so on for its causes. */
export function redactedCopy(thrown: unknown, redactor: Redactor): Error {
  return copyOf(thrown, { redactor, seen: new Map(), depth: 0 });
}

interface Copying {
  readonly redactor: Redactor;
  readonly seen: Map<object, Error>;
  readonly depth: number;
}

function copyOf(thrown: unknown, { redactor, seen, depth }: Copying): Error {
  if (typeof thrown !== "object" || thrown === null) return new Error(redactor.text(String(thrown)));
  const known = seen.get(thrown);
  if (known) return known;
  // By its looks, not its class: where programs run in several realms, an error need not be an instance of ours.
  const { name, message, stack, code, cause, errors }: ErrorLike = thrown;
  const copy = new Error(typeof message === "string" ? redactor.text(message) : "");
  seen.set(thrown, copy);
  const deeper = { redactor, seen, depth: depth + 1 };
  if (typeof name === "string") hide(copy, "name", redactor.text(name));
  if (typeof stack === "string") hide(copy, "stack", redactor.text(stack));
  if (typeof code === "string" || typeof code === "number")
    Object.assign(copy, { code: redactor.value(code) });
  if (cause !== undefined && depth < deepest) hide(copy, "cause", copyOf(cause, deeper));
  if (Array.isArray(errors) && depth < deepest) {
    hide(
      copy,
      "errors",
      errors.map((error) => copyOf(error, deeper)),
    );
  }
  return copy;
}

/** Sets a field as the platform does for errors: there, but not listed. */
function hide(error: Error, field: string, value: unknown): void {
  Object.defineProperty(error, field, { value, configurable: true, writable: true });
}
