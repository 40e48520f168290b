// What in a text looks like personal data, and the text without it. A warning, never a judgement: it knows
// forms and check digits, not whose data it is.

/** Places in the text, in UTF-16 units. @typedef {{ what: string, begin: number, end: number }} Finding */

const DIGITS_ELSEWHERE = /[\u0660-\u0669\u06f0-\u06f9]/g;
const DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

/** Forms in the order in which they claim a place, each with a test of what was found.
 * @type {[string, RegExp, (found: string) => boolean][]} */
const FORMS = [
  ["email", /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu, () => true],
  ["iban", /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]){11,30}\b/gi, isIban],
  ["card", /(?<![\d+])\d(?:[ -]?\d){12,18}(?!\d)/g, isCard],
  ["national_id", /(?<![\p{L}\d])(?:\d{3}-\d{2}-\d{4}|[XYZ]?\d{7,8}[- ]?[A-Z]|[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D])(?![\p{L}\d])/giu, isNationalId],
  ["phone", /(?<![\p{L}\d.,/-]|\d )(?:(?:\+|00)\d[\d ()./-]{6,17}\d|\(?0\d{1,4}\)?[ ./-]?\d[\d ./-]{4,11}\d|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?![\p{L}\d])/gu, isPhone],
];

/** @param {string} text @returns {Finding[]} in their order in the text, none within another */
export function findPersonal(text) {
  const plain = text.replace(DIGITS_ELSEWHERE, (digit) => String(digit.charCodeAt(0) & 15));
  /** @type {Finding[]} */
  const findings = [];
  for (const [what, form, holds] of FORMS) {
    for (const { 0: found, index: begin } of plain.matchAll(form)) {
      const end = begin + found.length;
      const isTaken = findings.some((other) => begin < other.end && other.begin < end);
      if (!isTaken && holds(found)) findings.push({ what, begin, end });
    }
  }
  return findings.sort((a, b) => a.begin - b.begin);
}

/** The text with what looks personal replaced by dots. @param {string} text */
export function mask(text) {
  let masked = "";
  let at = 0;
  for (const { begin, end } of findPersonal(text)) {
    masked += `${text.slice(at, begin)}•••`;
    at = end;
  }
  return masked + text.slice(at);
}

/** @param {string} text */
const digitsOf = (text) => text.replace(/\D/g, "");

/** By Luhn's rule. @param {string} found */
function isCard(found) {
  const digits = [...digitsOf(found)].reverse().map(Number);
  const sum = digits.reduce((sum, digit, place) => {
    const twice = digit * 2;
    return sum + (place % 2 ? (twice > 9 ? twice - 9 : twice) : digit);
  }, 0);
  return sum % 10 === 0 && sum > 0;
}

/** By ISO 7064, modulo 97. @param {string} found */
function isIban(found) {
  const text = found.replace(/ /g, "").toUpperCase();
  const turned = text.slice(4) + text.slice(0, 4);
  let rest = 0;
  for (const character of turned) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return text.length >= 15 && text.length <= 34 && rest === 1;
}

/** Numbers with a check letter must have the right one. @param {string} found */
function isNationalId(found) {
  const text = found.replace(/[ -]/g, "").toUpperCase();
  if (!/^[XYZ\d]\d{6,7}[A-Z]$/.test(text)) return true;
  if (/^\d{7}[A-Z]$/.test(text)) return false;
  const number = Number(text.slice(0, -1).replace(/^[XYZ]/, (letter) => String("XYZ".indexOf(letter))));
  return DNI_LETTERS[number % 23] === text.slice(-1);
}

/** @param {string} found */
function isPhone(found) {
  const { length } = digitsOf(found);
  return length >= 7 && length <= 15;
}
