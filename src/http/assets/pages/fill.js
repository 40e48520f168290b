// Puts values into a message, where it has `{$name}`.

/** @param {string} message @param {Record<string, unknown>} values */
export const fill = (message, values) => message.replace(/\{\$(\w+)\}/g, (_, name) => String(values[name] ?? ""));
