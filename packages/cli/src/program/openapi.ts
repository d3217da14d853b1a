import type { OpenapiOptions } from "../commands/openapi.js";
import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";

/** `openapi`. */
export const defineOpenapi: Definition = (program, ask) => {
  program
    .command("openapi")
    .description("Prints the OpenAPI document of the requests.")
    .option("--yaml", "prints YAML; JSON where left out")
    .option("--server <url>", "names this server in the document, and no other")
    .addHelpText(
      "after",
      helpWith([
        "auto-extend openapi > openapi.json",
        "auto-extend openapi --yaml --server http://127.0.0.1:4010",
      ]),
    )
    .action((options: OpenapiOptions) =>
      ask("openapi", async () => {
        const { printOpenapi } = await import("../commands/openapi.js");
        return printOpenapi(options);
      }),
    );
};
