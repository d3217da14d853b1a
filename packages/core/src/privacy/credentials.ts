import { type Redactor, redacted } from "./redact.js";

/**
 * A copy of a JSON value without credentials, as far as they can be recognized:
 *
 * - A field named like one (`authInfo`, `login`, `password`, `rebootLink` and their like) loses its value.
 * - A record that holds such a field loses every URL in its other fields, since a URL can be a secret of its bearer.
 * - A text loses the value after such a name, and whatever stands before the `@` of a URL.
 */
export function withoutCredentials(value: unknown): unknown {
  return copyWithout(value, withoutCredentialsInText);
}

/** A text without the values that it names as credentials. */
export function withoutCredentialsInText(text: string): string {
  return text
    .replace(inUrl, `$1${redacted}@`)
    .replace(quoted, `$1${redacted}`)
    .replace(linked, `$1${redacted}`)
    .replace(named, `$1${redacted}`);
}

/** A redactor that also removes credentials, as far as they can be recognized, from what is quoted of an answer. */
export function withoutCredentialsToo(redactor: Redactor): Redactor {
  return {
    text: (text) => redactor.text(textWithoutCredentials(text)),
    value: <Value>(value: Value) => redactor.value(withoutCredentials(value) as Value),
  };
}

/** In JSON a credential is found by the name of its field, however deep it is; in any other text, by the words before it. */
function textWithoutCredentials(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    const clean = JSON.stringify(withoutCredentials(json));
    return clean === JSON.stringify(json) ? text : clean;
  } catch {
    return withoutCredentialsInText(text);
  }
}

type Clean = (text: string) => string;

function copyWithout(value: unknown, clean: Clean): unknown {
  if (typeof value === "string") return clean(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copyWithout(item, clean));
  const fields = Object.entries(value);
  const cleanField = fields.some(([name]) => secretName.test(name)) ? withoutUrls : clean;
  return Object.fromEntries(
    fields.map(([name, item]) => [
      withoutCredentialsInText(name),
      secretName.test(name) && item !== null ? redacted : copyWithout(item, cleanField),
    ]),
  );
}

function withoutUrls(text: string): string {
  return withoutCredentialsInText(text.replace(url, redacted));
}

const links = "(?:re(?:boot|start|set)|rotat(?:e|ion)|change_?ip)_?(?:link|url)";
const names = `auth|authorization|auth_?info|login|user_?name|pass|passwd|password|secret|token|credentials?|${links}`;

/** A field of such a name, also as `newPassword` or `auth-info`. */
const secretName = new RegExp(
  `^(?:\\w*[_-])?(?:${names}|auth[_-]\\w+|auth(?:code|data|info|key))$|(?:Login|Password|Secret|Token)$`,
  "i",
);

/** A value in quotes goes whole, whatever it holds, also if the text breaks off within it. */
const quoted = new RegExp(`((?:${names})\\\\*["']?\\s*[:=]\\s*\\\\*")(?:[^"\\\\]|\\\\.)*`, "gi");
/** A URL goes whole: the secret may stand in its query. */
const linked = new RegExp(`\\b(${links}["'\\\\]*\\s*[:=]\\s*["'\\\\]*)[^\\s"'\\\\<>]+`, "gi");
const named = new RegExp(`\\b((?:${names})["'\\\\]*\\s*[:=]\\s*["'\\\\]*)[^\\s"'\\\\&,;<>}]+`, "gi");
const inUrl = /(\/\/)[^\s/@"'<>]+@/g;
const url = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>]+/gi;
