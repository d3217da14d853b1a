/** The program's view of the world outside. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Aborted when the program is to stop. */
  readonly stop: AbortSignal;
}
