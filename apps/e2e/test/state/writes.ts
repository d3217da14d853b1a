import { watch } from "node:fs";

/** The writes to a state file, as they are seen from outside. */
export interface Writes {
  /** Settles when the next write begins; fails where none does for seconds. */
  next(): Promise<void>;
  /** The time that the longest one took, in milliseconds; one that is under way counts as far as it has come. */
  longest(): number;
  close(): void;
}

/** Watches a folder with a file that is written under another name, which ends in `.unfinished`, and then put in place. */
export function watchWrites(folder: string, file: string): Writes {
  let began: number | null = null;
  let longest = 0;
  let waiting: (() => void)[] = [];

  function next(): Promise<void> {
    return new Promise((resolve, reject) => {
      waiting.push(resolve);
      setTimeout(() => reject(new Error("No write was seen for 10 seconds.")), 10_000).unref();
    });
  }

  const watcher = watch(folder, (_, name) => {
    if (name?.endsWith(".unfinished") && began === null) {
      began = performance.now();
      for (const resolve of waiting) resolve();
      waiting = [];
    }
    if (name === file) ended();
  });

  function ended(): void {
    if (began !== null) longest = Math.max(longest, performance.now() - began);
    began = null;
  }

  return {
    next,
    longest() {
      ended();
      return longest;
    },
    close: () => watcher.close(),
  };
}
