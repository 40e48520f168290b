//! What of joined modules is used: everything that the first script's own module says, what the others give out
//! that are loaded later, every statement, and whatever these refer to by name. A word is taken for the name that it
//! may be, so that too much may stay but nothing is missing.

use std::collections::BTreeSet;

use super::module::{Import, Module, Part};
use super::{Joining, NotJoined, Script};

/// The parts that are used, by module and place.
pub struct Uses(BTreeSet<(String, usize)>);

impl Uses {
    /// What is used of these scripts.
    ///
    /// # Errors
    /// [`NotJoined::NotGivenOut`].
    pub fn of(joining: &Joining<'_>) -> Result<Self, NotJoined> {
        let mut uses = Self(BTreeSet::new());
        for (path, module) in &joining.modules {
            let script = joining.scripts.iter().find(|script| script.path == *path);
            for (place, part) in module.parts.iter().enumerate() {
                let is_asked_for =
                    script.is_some() && (!joining.is_later(path) || part.is_exported);
                if part.name.is_none() || is_asked_for {
                    uses.add(joining, path, place)?;
                }
            }
        }
        Ok(uses)
    }

    fn add(&mut self, joining: &Joining<'_>, path: &str, place: usize) -> Result<(), NotJoined> {
        let Some(module) = joining.modules.get(path) else { return Ok(()) };
        if !self.0.insert((path.to_owned(), place)) {
            return Ok(());
        }
        for word in &module.parts[place].words {
            if let Some(place) = module.part(word) {
                self.add(joining, path, place)?;
            }
            for import in &module.imports {
                for (theirs, _) in import.names.iter().filter(|(_, ours)| ours == word) {
                    self.add(joining, &import.from, given_out(joining, import, theirs)?)?;
                }
            }
        }
        Ok(())
    }

    /// The parts of a module that are used.
    pub fn parts<'a>(&self, module: &'a Module, path: &str) -> Vec<&'a Part> {
        let parts = module.parts.iter().enumerate();
        let used = parts.filter(|(place, _)| self.0.contains(&(path.to_owned(), *place)));
        used.map(|(_, part)| part).collect()
    }

    /// What a module imports and uses: from where, and the names there and here.
    pub fn imports<'a>(
        &self,
        module: &'a Module,
        path: &str,
    ) -> Vec<(&'a str, Vec<&'a (String, String)>)> {
        let parts = self.parts(module, path);
        let is_used = |ours: &String| parts.iter().any(|part| part.words.contains(ours));
        let imports = module.imports.iter().map(|import| {
            let names = import.names.iter().filter(|(_, ours)| is_used(ours)).collect::<Vec<_>>();
            (import.from.as_str(), names)
        });
        imports.filter(|(_, names)| !names.is_empty()).collect()
    }

    /// The names that a module gives out and that are used.
    pub fn given_out<'a>(&self, joining: &'a Joining<'_>, path: &str) -> Vec<&'a str> {
        let module = joining.modules.get(path);
        let parts = module.map_or_else(Vec::new, |module| self.parts(module, path));
        let given = parts.into_iter().filter(|part| part.is_exported);
        given.filter_map(|part| part.name.as_deref()).collect()
    }

    /// The places of the modules that one script takes from another.
    pub fn between(
        &self,
        joining: &Joining<'_>,
        script: &Script,
        other: &Script,
    ) -> BTreeSet<usize> {
        let modules =
            script.modules.iter().filter_map(|path| Some((path, joining.modules.get(path)?)));
        let imports = modules.flat_map(|(path, module)| self.imports(module, path));
        let taken = imports.filter(|(from, _)| other.modules.iter().any(|path| path == from));
        taken.map(|(from, _)| joining.place(from)).collect()
    }
}

/// The place of the part that an import means.
fn given_out(joining: &Joining<'_>, import: &Import, name: &str) -> Result<usize, NotJoined> {
    let module = joining.modules.get(&import.from);
    let place =
        module.and_then(|module| module.part(name).filter(|at| module.parts[*at].is_exported));
    place.ok_or_else(|| NotJoined::NotGivenOut {
        module: import.from.clone(),
        name: name.to_owned(),
    })
}
