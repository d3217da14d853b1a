/** The body of an answer, as far as it could be read. */
export interface Body {
  /** The text; only its beginning where it is too large. */
  readonly text: string;
  /** Why it can't be JSON in UTF-8 within the limit, for people; `null` where it can. */
  readonly problem: string | null;
}

/** What ends the reading. */
interface Bounds {
  /** How much is read, in bytes. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Reads the body of an answer within the limit, and gives up where the signal aborts. */
export async function readBody(response: Response, bounds: Bounds): Promise<Body> {
  const { limit } = bounds;
  const chunks = response.body
    ? await readStream(response.body.getReader(), bounds)
    : // Not every platform's answers have a stream.
      [new Uint8Array(await response.arrayBuffer())];
  const bytes = joined(chunks);
  if (bytes.length > limit) {
    const problem = `is larger than ${limit / 1024 ** 2} MiB`;
    return { text: new TextDecoder().decode(bytes.subarray(0, limit)), problem };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), problem: null };
  } catch {
    return { text: new TextDecoder().decode(bytes), problem: "is not UTF-8" };
  }
}

async function readStream(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { limit, signal }: Bounds,
): Promise<Uint8Array[]> {
  // Nobody waits for the end of a cancelled stream: it may never come.
  const cancel = () => void reader.cancel().catch(() => {});
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel);
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size <= limit) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    chunks.push(value);
    size += value.length;
  }
  cancel();
  return chunks;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
