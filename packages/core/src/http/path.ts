/**
 * Fills the parameters of a path, each encoded as one path segment.
 *
 * @throws RangeError where a value is missing, empty, `.` or `..`, for such a segment would change the path, and where
 * it holds half a surrogate pair, which has no encoding. The value itself is not in the message: it may be a secret.
 */
export function fillPath(template: string, parameters: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined || value === "" || value === "." || value === "..") {
      throw new RangeError(`The path parameter ${name} must not be empty, "." or "..".`);
    }
    if (/\p{Surrogate}/u.test(value)) {
      throw new RangeError(`The path parameter ${name} holds half a surrogate pair.`);
    }
    // A bare quote would seem to end the URL where a text quotes it.
    return encodeURIComponent(value).replaceAll("'", "%27");
  });
}

/** Finds the parameters of a path template in a path, decoded; `undefined` where the path is another. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== value) return undefined;
      continue;
    }
    const decoded = decode(value);
    if (!decoded) return undefined;
    parameters[part.slice(1, -1)] = decoded;
  }
  return parameters;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
