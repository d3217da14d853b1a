/** The options of `on`, `off` and `undo`. */
import {
  amount,
  fileOption,
  flag,
  type OptionsOf,
  option,
  orderOptions,
  paceOptions,
} from "../app/command.js";

const runOptions = {
  failures: fileOption("--failures <file>", "write the failures to this file (default: stdout)"),
  ...paceOptions,
  readBack: flag<boolean>("--no-read-back", "skip the check that the change took effect"),
};

const priceOptions = {
  yes: flag("--yes", "switch on without asking"),
  force: flag(
    "--force",
    "continue even if the rental period is not sold, no order has a price, or a ledger began with another API key",
  ),
  maxPrice: option("--max-price <amount>", "stop if one renewal of all orders costs more", amount),
};

const sourceOptions = {
  ...orderOptions,
  dryRun: flag("--dry-run", "show what would be sent, and change nothing"),
  resume: fileOption("--resume <file>", "resume the run recorded in this ledger"),
};

const ledgerOption = (use: string) => ({
  ledger: fileOption("--ledger <file>", `record the run in a new file, for ${use}`),
});

const noPreview = (what: string) => ({ preview: flag<boolean>("--no-preview", what) });

export const onOptions = {
  ...sourceOptions,
  ...ledgerOption("--resume and undo"),
  ...noPreview("skip the prices and the rental period checks"),
  ...priceOptions,
  ...runOptions,
};
export const offOptions = {
  ...sourceOptions,
  ...ledgerOption("--resume and undo"),
  ...noPreview("skip the table of orders"),
  yes: { ...flag("--yes", ""), hidden: true as const },
  force: flag("--force", "resume a run that began with another API key"),
  ...runOptions,
};
export const undoOptions = {
  ...ledgerOption("undoing the undo"),
  ...noPreview("skip the prices and the rental period checks"),
  ...priceOptions,
  ...runOptions,
};

export type SwitchOptions = Partial<OptionsOf<typeof onOptions & typeof undoOptions>>;
