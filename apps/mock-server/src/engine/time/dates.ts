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

/**
 * The last moment of the mock's clock, in milliseconds since 1970: there it stands still.
 *
 * Every moment is kept as a text with four digits of the year, so that later ones are greater texts. From here on there is
 * room for what follows from a renewal: no lead time and no rental period, and no span of a world, leads beyond 9999.
 */
export const lastMoment = Date.UTC(9000, 0, 1);

/** The longest rental period, and the longest time before an end at which it is paid, in days. */
export const longestPeriod = 36_500;

/** Whether a moment, in milliseconds since 1970, is written with four digits of the year. */
export function hasPlainYear(moment: number): boolean {
  return moment >= firstPlain && moment <= lastPlain;
}

const firstPlain = Date.parse("0000-01-01T00:00:00.000Z");
const lastPlain = Date.parse("9999-12-31T23:59:59.999Z");
