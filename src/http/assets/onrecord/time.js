// Times and days as the protocol spells them (§1). A moment is a number: milliseconds since 1970.

/** Reads `YYYY-MM-DDTHH:MM:SS.mmmZ`, as in entries. @param {unknown} text @returns {number | undefined} */
export function momentWithMillis(text) {
  if (typeof text !== "string" || text.length !== 24) return;
  const moment = Date.parse(text);
  if (!Number.isNaN(moment) && toMillis(moment) === text) return moment;
}

/** Reads `YYYY-MM-DDTHH:MM:SSZ`, as in statements. @param {unknown} text */
export const moment = (text) =>
  typeof text === "string" && text.endsWith("Z")
    ? momentWithMillis(`${text.slice(0, -1)}.000Z`)
    : undefined;

/** Whether it is a day that exists, `YYYY-MM-DD`. @param {unknown} text */
export const isDate = (text) =>
  typeof text === "string" && moment(`${text}T00:00:00Z`) !== undefined;

/** @param {number} moment */
export const toMillis = (moment) => new Date(moment).toISOString();

/** @param {number} moment */
export const toSeconds = (moment) => `${toMillis(moment).slice(0, -5)}Z`;

/** Without seconds, as clients write `claimed_at` (protocol §3). @param {number} moment */
export const atTheMinute = (moment) => Math.floor(moment / 60_000) * 60_000;
