// Files that the tests read, in Node from the disk and in a page from the server that runs the tests there:
// `vectors/…` are the vectors, `target/…` what the Rust suite `web` wrote.

const FOLDERS = { vectors: "../vectors/", target: "../../target/web/" };

/** @param {string} path */
async function readText(path) {
  const [folder = "", name = ""] = path.split("/");
  if ("document" in globalThis) {
    const response = await fetch(`/${folder}/${name}`);
    if (!response.ok) throw new Error(`${path} is answered with ${response.status}`);
    return response.text();
  }
  const { readFile } = await import("node:fs/promises");
  const below = FOLDERS[/** @type {keyof typeof FOLDERS} */ (folder)];
  return readFile(new URL(below + name, import.meta.url), "utf8");
}

/** @param {string} path @returns {Promise<any>} */
export const readJson = async (path) => JSON.parse(await readText(path));
