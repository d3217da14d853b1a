import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { answerLimit } from "@auto-extend/core";
import type { Answer } from "./forward.js";
import { headerOf } from "./headers.js";

/** The body of an answer, as far as it could be read. */
export interface AnswerBody {
  /** The bytes, unpacked; `null` where that can't be done. */
  readonly bytes: Uint8Array | null;
  /** What it says; `undefined` where it is no JSON. */
  readonly json: unknown;
  /** Why it is no JSON, for people; `null` where it is. */
  readonly problem: string | null;
}

const unpackings: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the body of an answer as JSON in UTF-8, whatever it came packed in.
 *
 * @param limit how large it may be once it is unpacked, in bytes.
 */
export function readAnswerBody({ headers, body }: Answer, limit = answerLimit): AnswerBody {
  const coding = headerOf(headers, "content-encoding").trim().toLowerCase();
  const bytes = unpacked(body, { coding, limit });
  const unread = (problem: string): AnswerBody => ({ bytes, json: undefined, problem });
  if (!bytes) return unread("can't be unpacked");
  if (bytes.length === 0) return unread("is empty, JSON was expected");
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return unread("is not UTF-8");
  }
  try {
    return { bytes, json: JSON.parse(text), problem: null };
  } catch {
    return unread("is not JSON");
  }
}

interface Packing {
  readonly coding: string;
  readonly limit: number;
}

function unpacked(body: Uint8Array, { coding, limit }: Packing): Uint8Array | null {
  if (coding === "" || coding === "identity") return body;
  try {
    return unpackings[coding]?.(body, { maxOutputLength: limit }) ?? null;
  } catch {
    return null;
  }
}
