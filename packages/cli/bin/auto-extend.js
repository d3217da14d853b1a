#!/usr/bin/env node
// The program loads its parts when it needs them; a machine that is out of files may not even load its errors.
import("../dist/bin/bin.js").catch((error) => {
  const whatToDo =
    error.code === "EMFILE" || error.code === "ENFILE"
      ? "Close other programs, or raise the limit of open files (ulimit -n), then run the command again."
      : "Install @auto-extend/cli again. If that does not help, report this text to its makers.";
  process.stderr.write(`error: A part of auto-extend could not be loaded: ${error.message}.\n${whatToDo}\n`);
  process.exitCode = 71;
});
