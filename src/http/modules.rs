//! Joins ES modules of the assets into one script: for pages, which then fetch one file and not thirty one
//! after the other, and for a page that has to work as a single file. What nothing refers to is left out, and a name
//! that two modules have is another in one of them; nothing else is changed, so that the script reads as the modules
//! do. Modules that a page loads only when they are needed become a second script, which shares with the first what
//! both need. It does not look for less to send: that is [`minify`].

mod minify;
mod module;
mod names;
mod read;
mod texts;
mod uses;

use std::collections::BTreeMap;

use thiserror::Error;

pub use minify::minify;
use module::{Import, Module};
use texts::Texts;
use uses::Declaration;

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
    /// It is no module that can be parsed.
    #[error("{module} cannot be read: {why}")]
    NotRead {
        /// The module.
        module: String,
        /// What is wrong with it.
        why: String,
    },
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
/// When a module is missing or cannot be read, imports itself, loads others later, or has a form that is not known.
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
/// When a module is missing or cannot be read, imports itself, or has a form that is not known.
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
    let texts = Texts::of(&joining);
    let scripts = joining.scripts.iter();
    let scripts: BTreeMap<_, _> =
        scripts.map(|script| (script.path.clone(), texts.script(script))).collect();
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
        let module = read::read(path, &source, is_run)?;
        waiting.push(path.to_owned());
        for import in &module.imports {
            self.add(&import.from, false, waiting)?;
            self.check(import)?;
        }
        waiting.pop();
        self.modules.insert(path.to_owned(), module);
        if let Some(script) = self.scripts.last_mut() {
            script.modules.push(path.to_owned());
        }
        Ok(())
    }

    /// Checks that what is imported is given out.
    fn check(&self, import: &Import) -> Result<(), NotJoined> {
        let parts = self.modules.get(&import.from).map_or(&[][..], |module| &module.parts);
        let given = || parts.iter().filter(|part| part.is_exported).flat_map(|part| &part.names);
        match import.names.iter().find(|(name, _)| given().all(|given| given != name)) {
            Some((name, _)) => {
                Err(NotJoined::NotGivenOut { module: import.from.clone(), name: name.clone() })
            }
            None => Ok(()),
        }
    }

    /// What a module means by a name of its own or one it imports.
    fn declaration(&self, path: &str, name: &str) -> Declaration {
        let imports = self.modules.get(path).map_or(&[][..], |module| &module.imports);
        let imported = imports.iter().find_map(|import| {
            let (theirs, _) = import.names.iter().find(|(_, ours)| ours == name)?;
            Some((import.from.clone(), theirs.clone()))
        });
        imported.unwrap_or_else(|| (path.to_owned(), name.to_owned()))
    }

    /// Whether the script of that path is loaded later than another.
    fn is_later(&self, path: &str) -> bool {
        self.scripts.first().is_none_or(|first| first.path != path)
    }
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
                "// What it is.\n\nimport { e } from \"../p/e.js\";\n\n/** b */\nexport const b = () => e; // e\n\nexport class c {}\n",
            ),
            ("p/e.js", "export async function* e() {}\n"),
        ]);
        let expected = "// p/e.js\nasync function* e() {}\n\
            // q/b.js\n/** b */\nconst b = () => e; // e\n\nclass c {}\n\
            // p/a.js\nb(c, e);\n";
        assert_eq!(script.unwrap(), expected);
    }

    #[test]
    fn what_nothing_refers_to_is_left_out_and_what_is_done_stays() {
        let script = one(&[
            ("a.js", "import { b } from \"./b.js\";\nb();\n"),
            (
                "b.js",
                "import { f } from \"./f.js\";\nconst c = 1;\nexport const b = (g) => g.d + c;\n\
                 export const d = () => f();\ndocument.e();\n",
            ),
            ("f.js", "/** g */\nexport const f = () => 2;\n"),
        ]);
        let expected =
            "// b.js\nconst c = 1;\nconst b = (g) => g.d + c;\ndocument.e();\n// a.js\nb();\n";
        assert_eq!(script.unwrap(), expected);
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
                "import { t } from \"../s.js\";\nimport { m } from \"./m.js\";\nexport const l = () => m(t, s);\nconst s = 4;\n",
            ),
            ("p/q/m.js", "export const m = (n) => n;\n"),
        ]);
        let scripts = scripts.unwrap();
        let first = "// p/s.js\nconst s = 1;\nconst t = 2;\n\
            // p/a.js\nconst later = () => import(\"./q/l.js\");\nlater(s);\nexport { t as $0 };\n";
        let later = "import { $0 as t } from \"../../p/a.js\";\n\
            // p/q/m.js\nconst m = (n) => n;\n\
            // p/q/l.js\nconst l = () => m(t, s$1);\nconst s$1 = 4;\nexport { l as l };\n";
        assert_eq!((&*scripts["p/a.js"], &*scripts["p/q/l.js"]), (first, later));
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
        for text in ["a(\"</SCRIPT>\");\n", "a(\"<!--\");\n"] {
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
