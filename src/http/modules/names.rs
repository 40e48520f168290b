//! The names that declarations have in scripts, where the modules share one scope: their own, unless another
//! declaration has it or it would mean another thing somewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::Joining;
use super::uses::Declaration;

/// The name of every declaration.
pub struct Names(BTreeMap<Declaration, String>);

impl Names {
    /// Those of the modules of these scripts.
    pub fn of(joining: &Joining<'_>) -> Self {
        let said = said(joining);
        let globals = joining.modules.values().flat_map(|module| module.globals.iter().cloned());
        let mut taken: BTreeSet<String> = globals.collect();
        let mut names = BTreeMap::new();
        for path in joining.scripts.iter().flat_map(|script| &script.modules) {
            let parts = joining.modules.get(path).map_or(&[][..], |module| &module.parts);
            for own in parts.iter().flat_map(|part| &part.names) {
                let declaration = (path.clone(), own.clone());
                let name = std::iter::once(own.clone())
                    .chain((1..).map(|number| format!("{own}${number}")))
                    .find(|name| {
                        !taken.contains(name) && !is_hidden(joining, &said, &declaration, name)
                    });
                if let Some(name) = name {
                    taken.insert(name.clone());
                    names.insert(declaration, name);
                }
            }
        }
        Self(names)
    }

    /// The name of a declaration.
    pub fn get(&self, declaration: &Declaration) -> String {
        self.0.get(declaration).unwrap_or(&declaration.1).clone()
    }
}

/// The modules that say a declaration, and the name each has for it.
type Said<'a> = BTreeMap<Declaration, Vec<(&'a str, &'a str)>>;

fn said<'a>(joining: &'a Joining<'_>) -> Said<'a> {
    let mut said = Said::new();
    for (path, module) in &joining.modules {
        let own = module.parts.iter().flat_map(|part| &part.names);
        let own = own.map(|name| ((path.clone(), name.clone()), name));
        let imported = module.imports.iter().flat_map(|import| {
            import.names.iter().map(|(theirs, ours)| ((import.from.clone(), theirs.clone()), ours))
        });
        for (declaration, name) in own.chain(imported) {
            said.entry(declaration).or_default().push((path, name));
        }
    }
    said
}

/// Whether a module has another name for the declaration, and uses this one within for something else.
fn is_hidden(joining: &Joining<'_>, said: &Said<'_>, of: &Declaration, name: &str) -> bool {
    said.get(of).into_iter().flatten().any(|(path, ours)| {
        let module = joining.modules.get(*path);
        *ours != name && module.is_some_and(|module| module.inner.contains(name))
    })
}

#[cfg(test)]
mod tests {
    use crate::http::modules::join;

    fn joined(modules: &[(&str, &str)]) -> String {
        let read = |name: &str| {
            let found = modules.iter().find(|(of, _)| *of == name)?;
            Some(found.1.to_owned())
        };
        join(modules[0].0, &read).unwrap()
    }

    #[test]
    fn a_name_of_two_modules_is_another_in_the_second() {
        let script = joined(&[
            ("a.js", "import { b as c } from \"./b.js\";\nconst b = c;\nb();\n"),
            ("b.js", "export const b = 1;\n"),
        ]);
        assert_eq!(script, "// b.js\nconst b = 1;\n// a.js\nconst b$1 = b;\nb$1();\n");
    }

    #[test]
    fn a_name_that_means_something_of_the_browser_elsewhere_is_another() {
        let script = joined(&[
            ("a.js", "import { open as b } from \"./b.js\";\nopen(b);\n"),
            ("b.js", "export const open = 1;\n"),
        ]);
        assert_eq!(script, "// b.js\nconst open$1 = 1;\n// a.js\nopen(open$1);\n");
    }

    #[test]
    fn a_name_that_an_importer_has_within_is_another() {
        let script = joined(&[
            ("a.js", "import { b as c } from \"./b.js\";\n((b, b$1) => c(b, b$1))();\n"),
            ("b.js", "export const b = 1;\n"),
        ]);
        let expected = "// b.js\nconst b$2 = 1;\n// a.js\n((b, b$1) => b$2(b, b$1))();\n";
        assert_eq!(script, expected);
    }
}
