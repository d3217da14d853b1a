/** The exit codes of `auto-extend`. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  stateUnknown: 3,
  contractBroken: 4,
  notDone: 5,
  mixed: 6,
  notVerified: 7,
  bug: 70,
  outputLost: 74,
  interrupted: 130,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each exit code means, for people: the help and the README show it. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: "done",
  refused: "the provider said no, and nothing was changed",
  usage: "the command is wrong, or wants --yes; nothing was changed",
  stateUnknown: "state unknown: no complete answer, or verify could not restore an order",
  contractBroken: "the server breaks the contract: by an answer, the state read back, or a case of verify",
  notDone: "certainly not done: the server could not be reached, or asked to wait",
  mixed: "some orders were changed and others were not",
  notVerified: "done by the provider's word, but the state could not be read back",
  bug: "a bug of auto-extend itself",
  outputLost: "done, but its output could not be written",
  interrupted: "interrupted, or declined when asked",
};
