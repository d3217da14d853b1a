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
