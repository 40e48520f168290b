//! Joins ES modules of the assets into one script: for pages, which then fetch one file and not thirty one
//! after the other, and for a page that has to work as a single file. What nothing refers to is left out; nothing
//! else is changed, so that the script reads as the modules do. Modules that a page loads only when they are needed
//! become a second script, which shares with the first what both need.

mod comments;
mod module;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use thiserror::Error;

pub use comments::compact;
use module::Module;
use uses::Uses;

/// Why modules cannot be joined.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotJoined {
    /// It is imported and is not there.
    #[error("there is no module {0}")]
    NoSuchModule(String),
    /// It is imported and not given out.
    #[error("{module} does not give out {name}")]
    NotGivenOut {
        /// The module.
        module: String,
        /// The name.
        name: String,
    },
    /// It loads this one later, where one script has to do.
    #[error("{0} is loaded later, by a script that has to stand alone")]
    Several(String),
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
/// When a module is missing, imports itself, loads others later, or has a form that is not known.
pub fn join(entry: &str, read: &dyn Fn(&str) -> Option<String>) -> Result<String, NotJoined> {
    let mut scripts = join_all(entry, read)?;
    let script = scripts.remove(entry).unwrap_or_default();
    match scripts.keys().next() {
        Some(later) => Err(NotJoined::Several(later.clone())),
        None => Ok(script),
    }
}

/// The same, and beside it a script for each module that it loads later, by their paths.
///
/// # Errors
/// When a module is missing, imports itself, or has a form that is not known.
pub fn join_all(
    entry: &str,
    read: &dyn Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, String>, NotJoined> {
    let mut joining = Joining { read, modules: BTreeMap::new(), scripts: Vec::new() };
    joining.add_script(entry)?;
    let later = joining.modules.get(entry).map(|module| module.later.clone());
    for path in later.unwrap_or_default() {
        joining.add_script(&path)?;
    }
    let uses = Uses::of(&joining)?;
    let scripts = joining.scripts.iter();
    let scripts = scripts.map(|script| (script.path.clone(), write(&joining, &uses, script)));
    let scripts: BTreeMap<_, _> = scripts.collect();
    let ends_its_element = scripts.values().any(|script| {
        let lower = script.to_ascii_lowercase();
        lower.contains("</script") || lower.contains("<!--")
    });
    if ends_its_element { Err(NotJoined::EndsItsElement) } else { Ok(scripts) }
}

/// A script, and the modules in it: each after those it imports, and in one script alone.
struct Script {
    path: String,
    modules: Vec<String>,
}

struct Joining<'a> {
    read: &'a dyn Fn(&str) -> Option<String>,
    modules: BTreeMap<String, Module>,
    scripts: Vec<Script>,
}

impl Joining<'_> {
    fn add_script(&mut self, path: &str) -> Result<(), NotJoined> {
        let is_first = self.scripts.is_empty();
        self.scripts.push(Script { path: path.to_owned(), modules: Vec::new() });
        self.add(path, is_first, &mut Vec::new())
    }

    /// Adds a module to the last script unless it is in one; `waiting` are those that import it.
    fn add(
        &mut self,
        path: &str,
        is_run: bool,
        waiting: &mut Vec<String>,
    ) -> Result<(), NotJoined> {
        if waiting.iter().any(|other| other == path) {
            return Err(NotJoined::Circle(path.to_owned()));
        }
        if self.modules.contains_key(path) {
            return Ok(());
        }
        let source = (self.read)(path).ok_or_else(|| NotJoined::NoSuchModule(path.to_owned()))?;
        let module = Module::read(path, &source, is_run)?;
        waiting.push(path.to_owned());
        for import in &module.imports {
            self.add(&import.from, false, waiting)?;
        }
        waiting.pop();
        self.modules.insert(path.to_owned(), module);
        if let Some(script) = self.scripts.last_mut() {
            script.modules.push(path.to_owned());
        }
        Ok(())
    }

    /// The place of a module among all, which its variable is named after.
    fn place(&self, path: &str) -> usize {
        let all = self.scripts.iter().flat_map(|script| &script.modules);
        all.take_while(|other| *other != path).count()
    }

    /// Whether the script of that path is loaded later than another.
    fn is_later(&self, path: &str) -> bool {
        self.scripts.first().is_none_or(|first| first.path != path)
    }
}

/// A script's text: what it takes from other scripts, its modules, and what others take from it.
fn write(joining: &Joining<'_>, uses: &Uses, script: &Script) -> String {
    // Writing to a string does not fail.
    let mut text = String::new();
    let others = || joining.scripts.iter().filter(|other| other.path != script.path);
    for other in others() {
        let taken = uses.between(joining, script, other);
        if !taken.is_empty() {
            let from = relative(&script.path, &other.path);
            let _ = writeln!(text, "import {{ {} }} from \"{from}\";", variables(&taken));
        }
    }
    for path in &script.modules {
        write_module(joining, uses, path, &mut text);
    }
    let given = others().flat_map(|other| uses.between(joining, other, script));
    let given: BTreeSet<_> = given.collect();
    if !given.is_empty() {
        let _ = writeln!(text, "export {{ {} }};", variables(&given));
    }
    if joining.is_later(&script.path) {
        let names = uses.given_out(joining, &script.path).join(", ");
        let _ = writeln!(text, "export const {{ {names} }} = ${};", joining.place(&script.path));
    }
    text
}

/// A module as the value of a function, when anything of it is used.
fn write_module(joining: &Joining<'_>, uses: &Uses, path: &str, text: &mut String) {
    let Some(module) = joining.modules.get(path) else { return };
    let parts = uses.parts(module, path);
    if parts.is_empty() {
        return;
    }
    let _ = writeln!(text, "// {path}\nconst ${} = (() => {{", joining.place(path));
    for (from, names) in uses.imports(module, path) {
        let names: Vec<_> = names.into_iter().map(renamed).collect();
        let _ = writeln!(text, "const {{ {} }} = ${};", names.join(", "), joining.place(from));
    }
    for part in parts {
        text.push_str(&part.text);
    }
    let names = uses.given_out(joining, path).join(", ");
    let _ = writeln!(text, "return {{ {names} }};\n}})();");
}

/// A name in a pattern.
fn renamed((theirs, ours): &(String, String)) -> String {
    if theirs == ours { theirs.clone() } else { format!("{theirs}: {ours}") }
}

fn variables(places: &BTreeSet<usize>) -> String {
    let names: Vec<_> = places.iter().map(|place| format!("${place}")).collect();
    names.join(", ")
}

/// How a script names another: both are paths of the same folder.
fn relative(path: &str, other: &str) -> String {
    let up = "../".repeat(path.matches('/').count());
    if up.is_empty() { format!("./{other}") } else { format!("{up}{other}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(modules: &[(&str, &str)]) -> Result<BTreeMap<String, String>, NotJoined> {
        let find = |name: &str| {
            let found = modules.iter().find(|(of, _)| *of == name)?;
            Some(found.1.to_owned())
        };
        join_all(modules[0].0, &find)
    }

    fn one(modules: &[(&str, &str)]) -> Result<String, NotJoined> {
        all(modules).map(|mut scripts| scripts.remove(modules[0].0).unwrap())
    }

    #[test]
    fn each_module_is_there_once_and_after_what_it_imports() {
        let script = one(&[
            (
                "p/a.js",
                "import {\n  b, c as d,\n} from \"../q/b.js\";\nimport { e } from \"./e.js\";\nb(d, e);\n",
            ),
            (
                "q/b.js",
                "import { e } from \"../p/e.js\";\nexport const b = () => e;\nexport class c {}\n",
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
    fn what_nothing_refers_to_is_left_out_and_what_is_done_stays() {
        let script = one(&[
            ("a.js", "import { b } from \"./b.js\";\nb();\n"),
            (
                "b.js",
                "import { f } from \"./f.js\";\nconst c = 1;\nexport const b = () => c;\n\
                 export const d = () => f();\ndocument.e();\n",
            ),
            ("f.js", "/** g */\nexport const f = () => 2;\n"),
        ]);
        let script = script.unwrap();
        assert!(script.contains("const c = 1;") && script.contains("document.e();"), "{script}");
        assert!(!script.contains("f()") && !script.contains("f.js"), "{script}");
    }

    #[test]
    fn what_is_loaded_later_shares_with_the_first_what_both_need() {
        let scripts = all(&[
            (
                "p/a.js",
                "import { s } from \"./s.js\";\nconst later = () => import(\"./q/l.js\");\nlater(s);\n",
            ),
            ("p/s.js", "export const s = 1;\nexport const t = 2;\nexport const u = 3;\n"),
            (
                "p/q/l.js",
                "import { t } from \"../s.js\";\nimport { m } from \"./m.js\";\nexport const l = () => m(t);\n",
            ),
            ("p/q/m.js", "export const m = (n) => n;\n"),
        ]);
        let scripts = scripts.unwrap();
        let (first, later) = (&scripts["p/a.js"], &scripts["p/q/l.js"]);
        assert!(
            first.contains("return { s, t };") && first.ends_with("export { $0 };\n"),
            "{first}"
        );
        assert!(
            later.starts_with("import { $0 } from \"../../p/a.js\";\n// p/q/m.js\n"),
            "{later}"
        );
        assert!(
            later.ends_with("export const { l } = $3;\n") && !later.contains("s = 1"),
            "{later}"
        );
    }

    #[test]
    fn what_is_missing_circular_or_ends_its_element_is_refused() {
        let import = |name: &str| format!("import {{ a }} from \"./{name}.js\";\na();\n");
        let circle = one(&[("a.js", &import("b")), ("b.js", &import("a"))]);
        assert_eq!(circle, Err(NotJoined::Circle("a.js".into())));
        let missing = one(&[("a.js", &import("b"))]);
        assert_eq!(missing, Err(NotJoined::NoSuchModule("b.js".into())));
        let not_given = one(&[("a.js", &import("b")), ("b.js", "const a = 1;\n")]);
        let expected = NotJoined::NotGivenOut { module: "b.js".into(), name: "a".into() };
        assert_eq!(not_given, Err(expected));
        for text in ["a(\"</SCRIPT>\");\n", "a = b <!--c;\n"] {
            assert_eq!(one(&[("a.js", text)]), Err(NotJoined::EndsItsElement), "{text}");
        }
    }

    #[test]
    fn one_script_cannot_load_others_later() {
        let read = |name: &str| match name {
            "a.js" => Some("const b = () => import(\"./b.js\");\nb();\n".to_owned()),
            _ => Some("export const c = 1;\n".to_owned()),
        };
        assert_eq!(join("a.js", &read), Err(NotJoined::Several("b.js".into())));
    }
}
