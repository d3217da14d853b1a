import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";

interface Issue {
  /** Such as `accounts[0].balance`. */
  readonly path: string;
  readonly message: string;
}

/**
 * Adds the line of the file to each issue of a world. A place that is missing has the line of the value that lacks it.
 *
 * @param text the file, as it was sent.
 */
export function withLines<Found extends Issue>(
  issues: readonly Found[],
  text: string,
): (Found & { line: number })[] {
  const tree = parseTree(text);
  const starts = lineStarts(text);
  return issues.map((issue) => ({
    ...issue,
    line: lineOf(starts, nodeAt(tree, segmentsOf(issue.path))?.offset ?? 0),
  }));
}

function nodeAt(tree: Node | undefined, path: (string | number)[]): Node | undefined {
  for (let length = path.length; tree && length > 0; length -= 1) {
    const found = findNodeAtLocation(tree, path.slice(0, length));
    // The name of a field stands where its problem is read.
    if (found) return found.parent?.type === "property" ? found.parent : found;
  }
  return tree;
}

function segmentsOf(path: string): (string | number)[] {
  const parts = path.match(/[^.[\]]+|\[\d+\]/g) ?? [];
  return parts.map((part) => (part.startsWith("[") ? Number(part.slice(1, -1)) : part));
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
