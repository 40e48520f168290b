// The words of the element that other sites show, by language and then by id. The server puts the messages of its
// pages here when it makes the one file of it: a script that runs on another site can ask no page for them.

/** @type {Record<string, Record<string, string>>} */
export const WORDS = {};
