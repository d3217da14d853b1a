import { redacted } from "./redact.js";

/**
 * A copy of a JSON value without credentials, as far as they can be told: fields with the names of such (`authInfo`,
 * `login`, `password` and their like) lose their values, and texts what they write after such a name, or before the
 * `@` of a URL.
 */
export function withoutCredentials(value: unknown): unknown {
  if (typeof value === "string") return withoutCredentialsInText(value);
  if (Array.isArray(value)) return value.map(withoutCredentials);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      withoutCredentialsInText(name),
      secretName.test(name) && item !== null ? redacted : withoutCredentials(item),
    ]),
  );
}

/** A text without what it names as credentials. */
export function withoutCredentialsInText(text: string): string {
  return text
    .replace(inUrl, `$1${redacted}@`)
    .replace(quoted, `$1${redacted}`)
    .replace(named, `$1${redacted}`);
}

const names = "auth|authorization|auth_?info|login|user_?name|pass|passwd|password|secret|token|credentials?";

/** A field of such a name, also as `newPassword` or `auth-info`. */
const secretName = new RegExp(
  `^(?:\\w*[_-])?(?:${names}|auth[_-]\\w+|auth(?:code|data|info|key))$|(?:Login|Password|Secret|Token)$`,
  "i",
);

/** A value in quotes goes whole, whatever it holds, and also where the text breaks off within it. */
const quoted = new RegExp(`((?:${names})\\\\*["']?\\s*[:=]\\s*\\\\*")(?:[^"\\\\]|\\\\.)*`, "gi");
const named = new RegExp(`\\b((?:${names})["'\\\\]*\\s*[:=]\\s*["'\\\\]*)[^\\s"'\\\\&,;<>}]+`, "gi");
const inUrl = /(\/\/)[^\s/@"'<>]+@/g;
