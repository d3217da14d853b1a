import { type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";

/**
 * The request as a curl command for a shell in which `AUTO_EXTEND_API_KEY` is set, and that fails where it is not: the
 * API key itself is not in it.
 *
 * @param baseUrl without a slash at its end.
 */
export function curlCommand(baseUrl: string, request: SetAutoExtendRequest): string {
  const [before, after] = setAutoExtend.path.split("{apiKey}");
  const url = `${shellWord(`${baseUrl}${before}`)}"\${AUTO_EXTEND_API_KEY:?set it first}"${after}`;
  return [
    `curl -X ${setAutoExtend.method} ${url}`,
    "-H 'Content-Type: application/json'",
    `--data-raw ${shellWord(JSON.stringify(request))}`,
  ].join(" \\\n  ");
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
