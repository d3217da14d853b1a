import { type Redactor, redacted } from "./redact.js";

/**
 * Copies a JSON value without recognizable credentials: the values of fields with names such as `password` or `rebootLink`,
 * and in records of IP addresses and orders every URL, since whoever has one may be able to use it. In a text, the value
 * after such a name is removed, and so are a login and password in a URL or beside a host and port.
 */
export function withoutCredentials(value: unknown): unknown {
  return copyWithout(value, withoutCredentialsInText);
}

/** Removes the values that a text names as credentials. In what is left of a broken answer, every URL goes. */
export function withoutCredentialsInText(text: string): string {
  const shown = linkOrRecord.test(text) ? urlsRemoved(text) : text;
  return withoutLoginsAtHosts(shown.replace(inUrl, `$1${redacted}@`))
    .replace(quotedValue, `$1${redacted}`)
    .replace(listOrObject, `$1${redacted}`)
    .replace(named, `$1${redacted}`);
}

/** Most texts have no port, and a search for a login in a long word takes long. */
function withoutLoginsAtHosts(text: string): string {
  const shown = text.replace(wholeLine, `$1${redacted}`);
  if (!atPort.test(shown)) return shown;
  return shown.replace(beforeHost, `${redacted}$1`).replace(afterPort, `$1${redacted}`);
}

/** A redactor that also removes credentials, as far as they can be recognized, from what is quoted of an answer. */
export function credentialRedactor(redactor: Redactor): Redactor {
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
  const cleanField = fields.some(([name]) => isSecret(name) || recordName.test(name))
    ? (text: string) => withoutCredentialsInText(urlsRemoved(text))
    : clean;
  return Object.fromEntries(
    fields.map(([name, item]) => [
      cleanField(name),
      isSecret(name) && item !== null ? redacted : copyWithout(item, cleanField),
    ]),
  );
}

function urlsRemoved(text: string): string {
  return text.replace(/[^\s"'<>]+/g, (word) => (isUrl(word) ? redacted : word));
}

const links = "(?:re(?:boot|start|set)|rotat(?:e|ion)|change_?ip)_?(?:link|ur[il]|key|code)";
const names = `auth(?:orization|_?info)?|login|user(?:_?name)?|pwd|pass(?:w(?:or)?d)?|secret|token|cookie|session(?:_?id)?|(?:api|access|private)_?key|credentials?|${links}`;

/** A field with such a name, also as `newPassword` or `auth-info`. */
function isSecret(name: string): boolean {
  return secretName.test(name.replace(/[a-z](?=[A-Z])/g, "$&_"));
}

const secretName = new RegExp(
  `(?:^|[_-])(?:${names}|auth(?:[_-]\\w+|code|data|key))$|(?:login|password|secret|token)$`,
  "i",
);

/** The name of a field of a record, or of the order around it. In a text it stands in quotes. */
const recordName = /^(?:order|ipAddress)Id$/;

const linkOrRecord = new RegExp(`"ipAddressId|${links}`, "i");

/** A value in quotes is removed whole, even if the text breaks off within it. */
const quotedValue = new RegExp(`((?:${names})\\\\*["']?\\s*[:=]\\s*\\\\*")(?:[^"\\\\]|\\\\.)*`, "gi");
/** The rest of a list or an object, of which a text may have only the beginning. */
const listOrObject = new RegExp(
  `((?:${names})\\\\*["']\\s*:\\s*)[[{](?:"(?:[^"\\\\]|\\\\.)*"?|[^"\\]}])*[\\]}]?`,
  "gi",
);
const named = new RegExp(`((?:${names})["'\\\\]*\\s*[:=]\\s*["'\\\\]*)[^\\s"'\\\\&,;<>}]+`, "gi");
const inUrl = /(\/\/)[^\s/@"'<>]+@/g;
/** A domain, an IPv4 address, or an IPv6 address in brackets, bounded, since many dots would keep the search busy. */
const host = String.raw`(?:\b(?:(?:[\w-]{1,63}\.){1,8}[a-z][\w-]{1,62}|(?:\d{1,3}\.){3}\d{1,3}|localhost)|\[[\da-f:.]{2,45}\])`;
const loginOrPassword = String.raw`[^\s:@/"'<>\\]{1,200}`;
/** The end of a host, and the beginning of its port. */
const atPort = /[\w\]-]:\d/;
const beforeHost = new RegExp(`${loginOrPassword}:${loginOrPassword}([:@]${host}:\\d{1,5}\\b)`, "gi");
const afterPort = new RegExp(`(${host}:\\d{1,5}[:@;|])${loginOrPassword}:[^\\s"'<>\\\\]{1,200}`, "gi");
/** Host, port, login and password as a whole line or value, whatever separates them. */
const wholeLine = new RegExp(
  `((?:^|["'])${host}[\\s:;,|]\\d{1,5}[\\s:;,|])${loginOrPassword}[\\s:;,|]${loginOrPassword}(?=$|["'])`,
  "gim",
);
/** A URL with or without its scheme, or one on the same server; its slashes may be encoded, once or more. */
function isUrl(word: string): boolean {
  if (network.test(word)) return false;
  // In two steps, since a search for both would take long in a word of many dots.
  // A word without a host leaves one character at most.
  const afterHost = word.slice(word.search(/[.:\]]/));
  return /[/?]./.test(afterHost) || otherUrl.test(word);
}

const network = /^[\da-f.:]+\/\d+$/i;
const otherUrl = /^\/.|%(?:25)*2F|^(?:data|blob|javascript)[:%]./i;
