import { defineCommand, flag, textOption } from "../app/command.js";
import { usageError } from "../app/errors.js";

export const openapi = defineCommand({
  name: "openapi",
  group: "More",
  description: "Print the OpenAPI document of the requests.",
  options: {
    yaml: flag("--yaml", "print YAML (default: JSON)"),
    server: textOption("--server <url>", "put this server into the document, and no other"),
  },
  examples: [
    "auto-extend openapi > openapi.json",
    "auto-extend openapi --yaml --server http://127.0.0.1:4010",
  ],
  async run(_, { options: { yaml, server } }) {
    if (server !== undefined && !/^https?:\/\//i.test(server)) {
      throw usageError(
        "--server must begin with https:// or http://.",
        "Use a URL such as http://127.0.0.1:4010.",
      );
    }
    const shipped = await shippedDocument();
    const document = server === undefined ? shipped : { ...shipped, servers: [{ url: server }] };
    const text = yaml ? (await import("yaml")).stringify(document) : `${JSON.stringify(document, null, 2)}\n`;
    return { result: { document }, text: () => text };
  },
});

async function shippedDocument(): Promise<Record<string, unknown>> {
  const [{ readFile }, { createRequire }] = await Promise.all([
    import("node:fs/promises"),
    import("node:module"),
  ]);
  const file = createRequire(import.meta.url).resolve("@auto-extend/core/openapi.json");
  return JSON.parse(await readFile(file, "utf8"));
}
