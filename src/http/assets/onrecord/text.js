// Which characters words may hold (protocol §4): the Unicode Assignables of RFC 9839 §4.3, and for one
// line no breaks and no characters that reorder what stands around them.

const NOT_ASSIGNABLE = /[^\t\n\r -~\u{a0}-\u{10ffff}]|[\p{Cs}\p{NChar}]/u;
const NOT_IN_ONE_LINE = /[\t\n\r\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** As it is signed: in NFC, without line breaks at its end. @param {string} text */
export const normalized = (text) => text.replace(/[\r\n]+$/, "").normalize("NFC");

/** The first character that may not stand there, as `U+202E`. @param {string} text @param {boolean} oneLine */
export function forbiddenIn(text, oneLine) {
  for (const char of text) {
    if (NOT_ASSIGNABLE.test(char) || (oneLine && NOT_IN_ONE_LINE.test(char))) {
      const code = /** @type {number} */ (char.codePointAt(0));
      return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    }
  }
}
