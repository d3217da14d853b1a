/** Writes dates for HTTP; within a second they are all the same, and writing one is slow. */
export function createHttpDate(): (moment: number) => string {
  return lastWritten(1_000, (moment) => new Date(moment).toUTCString());
}

/** Writes dates in ISO 8601. */
export function createIsoDate(): (moment: number) => string {
  return lastWritten(1, (moment) => new Date(moment).toISOString());
}

/** @param grain how long a text stays right, in milliseconds. */
function lastWritten(grain: number, write: (moment: number) => string): (moment: number) => string {
  let last = Number.NaN;
  let text = "";
  return (moment) => {
    const wanted = Math.floor(moment / grain);
    if (wanted !== last) {
      last = wanted;
      text = write(moment);
    }
    return text;
  };
}
