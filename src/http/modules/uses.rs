//! What of joined modules is used: everything that the first script's own module says, what the others give out
//! that are loaded later, every statement, and whatever these refer to.

use std::collections::BTreeSet;

use super::module::{Module, Part};
use super::{Joining, Script};

/// A name that a module declares: the module's path, and the name there.
pub type Declaration = (String, String);

/// The parts that are used, by module and place.
pub struct Uses(BTreeSet<(String, usize)>);

impl Uses {
    /// What is used of these scripts.
    pub fn of(joining: &Joining<'_>) -> Self {
        let mut uses = Self(BTreeSet::new());
        for (path, module) in &joining.modules {
            let script = joining.scripts.iter().find(|script| script.path == *path);
            for (place, part) in module.parts.iter().enumerate() {
                let is_asked_for =
                    script.is_some() && (!joining.is_later(path) || part.is_exported);
                if part.names.is_empty() || is_asked_for {
                    uses.add(joining, path, place);
                }
            }
        }
        uses
    }

    fn add(&mut self, joining: &Joining<'_>, path: &str, place: usize) {
        let Some(module) = joining.modules.get(path) else { return };
        if !self.0.insert((path.to_owned(), place)) {
            return;
        }
        for name in module.said(&module.parts[place]) {
            let (path, name) = joining.declaration(path, name);
            let place = joining.modules.get(&path).and_then(|module| module.part(&name));
            if let Some(place) = place {
                self.add(joining, &path, place);
            }
        }
    }

    /// The parts of a module that are used.
    pub fn parts<'a>(&self, module: &'a Module, path: &str) -> Vec<&'a Part> {
        let parts = module.parts.iter().enumerate();
        let used = parts.filter(|(place, _)| self.0.contains(&(path.to_owned(), *place)));
        used.map(|(_, part)| part).collect()
    }

    /// What a script refers to of other scripts.
    pub fn taken(&self, joining: &Joining<'_>, script: &Script) -> BTreeSet<Declaration> {
        let modules =
            script.modules.iter().filter_map(|path| Some((path, joining.modules.get(path)?)));
        let said = modules.flat_map(|(path, module)| {
            let parts = self.parts(module, path).into_iter();
            let names = parts.flat_map(|part| module.said(part));
            names.map(|name| joining.declaration(path, name))
        });
        said.filter(|(path, _)| !script.modules.contains(path)).collect()
    }

    /// What other scripts refer to of a script.
    pub fn given(&self, joining: &Joining<'_>, script: &Script) -> BTreeSet<Declaration> {
        let others = joining.scripts.iter().filter(|other| other.path != script.path);
        let taken = others.flat_map(|other| self.taken(joining, other));
        taken.filter(|(path, _)| script.modules.contains(path)).collect()
    }
}
