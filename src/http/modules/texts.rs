//! The text of scripts: their modules one after the other in one scope, each under its path and as it reads, and
//! what the scripts take from each other.

use super::names::Names;
use super::uses::{Declaration, Uses};
use super::{Joining, Script};

/// What the texts follow from.
pub struct Texts<'a> {
    joining: &'a Joining<'a>,
    uses: Uses,
    names: Names,
}

impl<'a> Texts<'a> {
    /// Of what is used of these scripts.
    pub fn of(joining: &'a Joining<'a>) -> Self {
        Self { joining, uses: Uses::of(joining), names: Names::of(joining) }
    }

    /// One of them.
    pub fn script(&self, script: &Script) -> String {
        let others = self.joining.scripts.iter().filter(|other| other.path != script.path);
        let imports = others.filter_map(|other| self.import(script, other));
        let modules = script.modules.iter().filter_map(|path| self.module(path));
        imports.chain(modules).chain(self.export(script)).collect()
    }

    /// What a script takes from another, which has numbers there: a short name is as good as any between the two.
    fn import(&self, script: &Script, other: &Script) -> Option<String> {
        let given = self.uses.given(self.joining, other);
        let taken = self.uses.taken(self.joining, script);
        let taken = given.iter().enumerate().filter(|(_, given)| taken.contains(given));
        let names: Vec<_> = taken
            .map(|(number, taken)| format!("${number} as {}", self.names.get(taken)))
            .collect();
        let from = relative(&script.path, &other.path);
        let import = format!("import {{ {} }} from \"{from}\";\n", names.join(", "));
        (!names.is_empty()).then_some(import)
    }

    /// What others take from a script, and what it gives to the one that loads it later.
    fn export(&self, script: &Script) -> Option<String> {
        let given = self.uses.given(self.joining, script);
        let given = given.iter().enumerate();
        let given = given.map(|(number, given)| format!("{} as ${number}", self.names.get(given)));
        let asked_for = self.asked_for(script);
        let asked_for =
            asked_for.iter().map(|asked| format!("{} as {}", self.names.get(asked), asked.1));
        let names: Vec<_> = given.chain(asked_for).collect();
        (!names.is_empty()).then(|| format!("export {{ {} }};\n", names.join(", ")))
    }

    /// What a script that is loaded later gives out.
    fn asked_for(&self, script: &Script) -> Vec<Declaration> {
        let path = &script.path;
        let module = self.joining.modules.get(path).filter(|_| self.joining.is_later(path));
        let parts = module.into_iter().flat_map(|module| &module.parts);
        let given = parts.filter(|part| part.is_exported).flat_map(|part| &part.names);
        given.map(|name| (path.clone(), name.clone())).collect()
    }

    /// What of a module is used.
    fn module(&self, path: &str) -> Option<String> {
        let module = self.joining.modules.get(path)?;
        let renamed = |name: &str| self.names.get(&self.joining.declaration(path, name));
        let parts = self.uses.parts(module, path).into_iter();
        let text: String = parts.map(|part| module.text(part, &renamed)).collect();
        (!text.is_empty()).then(|| format!("// {path}\n{}\n", text.trim_matches('\n')))
    }
}

/// How a script names another: both are paths of the same folder.
fn relative(path: &str, other: &str) -> String {
    let up = "../".repeat(path.matches('/').count());
    if up.is_empty() { format!("./{other}") } else { format!("{up}{other}") }
}
