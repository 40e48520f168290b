//! Joins ES modules of the assets into one script: for pages, which then fetch one file and not thirty one
//! after the other, and for a page that has to work as a single file. It knows the few forms of `import` and
//! `export` that these modules are written in and refuses every other. It changes nothing else, so that the
//! script reads as the modules do.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use thiserror::Error;

/// Why modules cannot be joined.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotJoined {
    /// It is imported and is not there.
    #[error("there is no module {0}")]
    NoSuchModule(String),
    /// It needs itself before it is there.
    #[error("{0} imports itself, by way of others")]
    Circle(String),
    /// A line that would have to be rewritten in a way that is not known.
    #[error("{module} has the line {line}")]
    UnknownForm {
        /// The module.
        module: String,
        /// The line.
        line: String,
    },
    /// The script holds what would end its element in a page.
    #[error("a script in a page cannot hold </script or <!--")]
    EndsItsElement,
}

/// The script that runs the module `entry` and those it imports, each once and after what it imports.
///
/// # Errors
/// When a module is missing, imports itself, or has a form that is not known.
pub fn join(entry: &str, read: &dyn Fn(&str) -> Option<String>) -> Result<String, NotJoined> {
    let mut joining = Joining { read, places: BTreeMap::new(), script: String::new() };
    joining.add(entry)?;
    let script = joining.script;
    let lower = script.to_ascii_lowercase();
    if lower.contains("</script") || lower.contains("<!--") {
        return Err(NotJoined::EndsItsElement);
    }
    Ok(script)
}

/// The same script without its comments that begin a line. Those within a line stay.
pub fn without_comments(script: &str) -> String {
    let mut kept = String::with_capacity(script.len());
    let mut is_inside = false;
    for line in script.lines() {
        let begin = line.trim_start();
        let is_block = is_inside || begin.starts_with("/*");
        let code = match line.split_once("*/") {
            Some((_, rest)) if is_block => {
                is_inside = false;
                rest
            }
            _ => {
                is_inside = is_block;
                if is_block || begin.starts_with("//") { "" } else { line }
            }
        };
        if !code.trim().is_empty() {
            kept.push_str(code);
            kept.push('\n');
        }
    }
    kept
}

struct Joining<'a> {
    read: &'a dyn Fn(&str) -> Option<String>,
    /// Where each module stands in the script; none while it waits for those it imports.
    places: BTreeMap<String, Option<usize>>,
    script: String,
}

impl Joining<'_> {
    /// Adds a module unless it is there, and tells its place.
    fn add(&mut self, name: &str) -> Result<usize, NotJoined> {
        match self.places.get(name) {
            Some(Some(place)) => return Ok(*place),
            Some(None) => return Err(NotJoined::Circle(name.to_owned())),
            None => self.places.insert(name.to_owned(), None),
        };
        let source = (self.read)(name).ok_or_else(|| NotJoined::NoSuchModule(name.to_owned()))?;
        let (body, exports) = self.rewrite(name, &source)?;
        let place = self.places.values().flatten().count();
        let exports = exports.join(", ");
        // Writing to a string does not fail.
        let _ = writeln!(
            self.script,
            "// {name}\nconst ${place} = (() => {{\n{body}return {{ {exports} }};\n}})();"
        );
        self.places.insert(name.to_owned(), Some(place));
        Ok(place)
    }

    /// The body of a function that is the module, and the names it gives out.
    fn rewrite(&mut self, name: &str, source: &str) -> Result<(String, Vec<String>), NotJoined> {
        let unknown = |line: &str| NotJoined::UnknownForm {
            module: name.to_owned(),
            line: line.trim_end().to_owned(),
        };
        let (mut body, mut exports) = (String::new(), Vec::new());
        let mut lines = source.lines();
        while let Some(line) = lines.next() {
            if let Some(rest) = line.strip_prefix("import ") {
                let mut statement = rest.to_owned();
                while !statement.ends_with(';') {
                    statement.push_str(lines.next().ok_or_else(|| unknown(line))?);
                }
                let (names, from) = imported(&statement).ok_or_else(|| unknown(line))?;
                let place = self.add(&below(name, from))?;
                let _ = writeln!(body, "const {{ {names} }} = ${place};");
            } else if let Some(rest) = line.strip_prefix("export ") {
                exports.push(exported(rest).ok_or_else(|| unknown(line))?.to_owned());
                let _ = writeln!(body, "{rest}");
            } else if is_beyond_us(line) {
                return Err(unknown(line));
            } else {
                let _ = writeln!(body, "{line}");
            }
        }
        Ok((body, exports))
    }
}

/// Of `{ a, b as c } from "./d.js";` the names as a pattern, and where they are from.
fn imported(statement: &str) -> Option<(String, &str)> {
    let (names, from) = statement.strip_prefix('{')?.split_once("} from \"")?;
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    let pattern = names.map(|name| match name.split_once(" as ") {
        Some((theirs, ours)) => format!("{theirs}: {ours}"),
        None => name.to_owned(),
    });
    let from = from.strip_suffix("\";").filter(|from| from.starts_with('.'))?;
    Some((pattern.collect::<Vec<_>>().join(", "), from))
}

/// The name that a declaration gives out.
fn exported(declaration: &str) -> Option<&str> {
    const KINDS: [&str; 5] =
        ["const ", "class ", "function ", "async function* ", "async function "];
    let rest = KINDS.iter().find_map(|kind| declaration.strip_prefix(kind))?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$')?;
    rest.get(..end).filter(|name| !name.is_empty())
}

/// What a function cannot hold, or a joined script cannot find.
fn is_beyond_us(line: &str) -> bool {
    let begins = ["import", "export", "await "].iter().any(|word| line.starts_with(word));
    begins || line.contains("import.meta") || line.contains("import(")
}

/// The path that a module of that name means by a path of its own.
fn below(name: &str, path: &str) -> String {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join_all(modules: &[(&str, &str)]) -> Result<String, NotJoined> {
        let find = |name: &str| {
            let found = modules.iter().find(|(of, _)| *of == name)?;
            Some(found.1.to_owned())
        };
        join(modules[0].0, &find)
    }

    #[test]
    fn each_module_is_there_once_and_after_what_it_imports() {
        let script = join_all(&[
            (
                "p/a.js",
                "import {\n  b, c as d,\n} from \"../q/b.js\";\nimport { e } from \"./e.js\";\nb(d, e);",
            ),
            (
                "q/b.js",
                "import { e } from \"../p/e.js\";\nexport const b = () => e;\nexport class c {}",
            ),
            ("p/e.js", "export async function* e() {}\n"),
        ]);
        let expected = "// p/e.js\nconst $0 = (() => {\nasync function* e() {}\nreturn { e };\n})();\n\
            // q/b.js\nconst $1 = (() => {\nconst { e } = $0;\nconst b = () => e;\nclass c {}\n\
            return { b, c };\n})();\n// p/a.js\nconst $2 = (() => {\nconst { b, c: d } = $1;\n\
            const { e } = $0;\nb(d, e);\nreturn {  };\n})();\n";
        assert_eq!(script.unwrap(), expected);
    }

    #[test]
    fn comments_that_begin_a_line_are_left_out() {
        let script = "// a\nb(); // c\n\n/** d\n * e */\n  /** f */\ng(/** @type {any} */ (h));\n/** i */ (j);\n";
        let expected = "b(); // c\ng(/** @type {any} */ (h));\n (j);\n";
        assert_eq!(without_comments(script), expected);
    }

    #[test]
    fn forms_that_are_not_known_are_refused() {
        for line in [
            "import a from \"./b.js\";",
            "import * as a from \"./b.js\";",
            "import \"./b.js\";",
            "import { a } from \"b\";",
            "export default 1;",
            "export { a };",
            "export * from \"./b.js\";",
            "export const { a } = b;",
            "const a = await import(\"./b.js\");",
            "const a = import.meta.url;",
            "await a();",
        ] {
            let unknown = NotJoined::UnknownForm { module: "a.js".into(), line: line.into() };
            assert_eq!(join_all(&[("a.js", line), ("b.js", "")]), Err(unknown), "{line}");
        }
    }

    #[test]
    fn what_is_missing_circular_or_ends_its_element_is_refused() {
        let import = |name: &str| format!("import {{ a }} from \"./{name}.js\";");
        let circle = join_all(&[("a.js", &import("b")), ("b.js", &import("a"))]);
        assert_eq!(circle, Err(NotJoined::Circle("a.js".into())));
        let missing = join_all(&[("a.js", &import("b"))]);
        assert_eq!(missing, Err(NotJoined::NoSuchModule("b.js".into())));
        for text in ["a(\"</SCRIPT>\");", "a = b <!--c;"] {
            assert_eq!(join_all(&[("a.js", text)]), Err(NotJoined::EndsItsElement), "{text}");
        }
    }
}
