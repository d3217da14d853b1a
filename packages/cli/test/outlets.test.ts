import { PassThrough, Writable } from "node:stream";
import { exitCodes } from "@auto-extend/cli";
import { describe, expect, it } from "vitest";
import { createOutlets } from "../src/program/run.js";

/** A stream that can't be written, for a reason. */
function failing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: it is so`), { code })),
  });
}

/** Writes to both streams, and hands back the exit code that a run's becomes. */
async function settled(streams: { stdout: Writable; stderr: Writable }, exitCode: 0 | 1): Promise<number> {
  const outlets = createOutlets(streams);
  outlets.stdout.write("data\n");
  outlets.stderr.write("talk\n");
  return outlets.flush(exitCode);
}

const written = (stream: PassThrough) => String(stream.read());

describe("output that can't be written", () => {
  it("is reported on stderr with what was done, and ends with a code of its own", async () => {
    const stderr = new PassThrough();
    expect(await settled({ stdout: failing("ENOSPC"), stderr }, exitCodes.done)).toBe(74);
    expect(written(stderr)).toBe(
      "talk\nerror: stdout could not be written: the disk is full.\nThe command itself succeeded.\n",
    );
  });

  it("is reported on stdout if stderr fails, and keeps the exit code of a run that failed", async () => {
    const stdout = new PassThrough();
    expect(await settled({ stdout, stderr: failing("EIO") }, exitCodes.refused)).toBe(1);
    expect(written(stdout)).toContain(
      "stderr could not be written: the disk cannot be read or written.\nThe command itself ended with exit code 1: the provider refused",
    );
  });

  it("changes the exit code also if nothing can be reported", async () => {
    expect(await settled({ stdout: failing("ENOSPC"), stderr: failing("ENOSPC") }, exitCodes.done)).toBe(74);
  });

  it("is not a failure if the reader went away", async () => {
    const stderr = new PassThrough();
    expect(await settled({ stdout: failing("EPIPE"), stderr }, exitCodes.done)).toBe(0);
    expect(written(stderr)).toBe("talk\n");
  });

  it("is not missed if nothing was to be written", async () => {
    const stderr = new PassThrough();
    const outlets = createOutlets({ stdout: failing("ENOSPC"), stderr });
    outlets.stderr.write("talk\n");
    expect(await outlets.flush(exitCodes.done)).toBe(0);
    expect(written(stderr)).toBe("talk\n");
  });

  it("changes nothing if all of it is written", async () => {
    const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
    expect(await settled(streams, exitCodes.done)).toBe(0);
    expect([written(streams.stdout), written(streams.stderr)]).toEqual(["data\n", "talk\n"]);
  });
});
