import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { freePort } from "../ports.js";

export interface Violation {
  readonly location: readonly string[];
  readonly message: string;
}

/** A proxy that passes everything on and holds both directions to the document. */
export interface Judge {
  readonly url: string;
  close(): Promise<void>;
}

const document = fileURLToPath(new URL("../../../../docs/openapi.json", import.meta.url));

interface PrismOptions {
  readonly document: string;
  readonly upstream: URL;
  readonly host: string;
  readonly port: number;
  readonly cors: boolean;
  /** Whether a complaint is the answer, in place of a header of the answer. */
  readonly errors: boolean;
  readonly validateRequest: boolean;
  readonly verboseLevel: string;
}

/** The function that Prism's own command calls. Prism is loaded once for all judges, since loading takes most of its time. */
const { createSingleProcessPrism } = createRequire(import.meta.url)(
  "@stoplight/prism-cli/dist/util/createServer.js",
) as { createSingleProcessPrism(options: PrismOptions): Promise<{ close(): Promise<void> }> };

export async function startJudge(upstream: string): Promise<Judge> {
  const host = "127.0.0.1";
  const port = await freePort();
  const prism = await createSingleProcessPrism({
    document,
    upstream: new URL(upstream),
    host,
    port,
    cors: true,
    errors: false,
    validateRequest: true,
    verboseLevel: "silent",
  });
  return { url: `http://${host}:${port}`, close: () => prism.close() };
}

/** The verdict on one exchange: complaints are in a header of the answer. */
export function violationsOf(answer: Response): Violation[] {
  return JSON.parse(answer.headers.get("sl-violations") ?? "[]");
}
