import { emptyValue, usageError } from "./cli-error.js";
import type { Context } from "./context.js";
import { nameOfFile, readText } from "./files.js";

/**
 * The API key: the first line of `--api-key-file`, or else `AUTO_EXTEND_API_KEY`. From then on no output shows it.
 *
 * @throws CliError, a usage error, if there is none.
 */
export async function readApiKey(context: Context): Promise<string> {
  const { apiKeyFile } = context.options;
  if (apiKeyFile !== undefined) return keyFromFile(apiKeyFile, context);
  const apiKey = context.io.env.AUTO_EXTEND_API_KEY?.trim();
  if (apiKey) return apiKey;
  const whatToDo = "Set AUTO_EXTEND_API_KEY, or name a file with --api-key-file FILE.";
  throw apiKey === ""
    ? emptyValue("AUTO_EXTEND_API_KEY", whatToDo)
    : usageError("There is no API key.", whatToDo);
}

async function keyFromFile(file: string, context: Context): Promise<string> {
  const [line = ""] = (await readText(file, context)).split("\n", 1);
  const apiKey = line.trim();
  if (!apiKey) {
    throw usageError(
      `The first line of ${nameOfFile(file)} is empty.`,
      "Put the API key there, and nothing else on that line.",
    );
  }
  context.hide(apiKey);
  return apiKey;
}
