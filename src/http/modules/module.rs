//! One ES module as the assets are written: what it imports, and the declarations and statements it is made of.
//! It reads the few forms that these modules use and refuses every other. It knows no other module.

use std::collections::BTreeSet;

use super::NotJoined;
use super::comments::without_comments;

/// A module. Its paths are those of the folder, not as it writes them.
pub struct Module {
    /// What it imports, in its order.
    pub imports: Vec<Import>,
    /// The modules that it loads when they are needed.
    pub later: Vec<String>,
    /// What it is made of, in its order.
    pub parts: Vec<Part>,
}

/// One `import` of a module.
pub struct Import {
    /// The module's path.
    pub from: String,
    /// Names there and here.
    pub names: Vec<(String, String)>,
}

/// A declaration or statement that begins a line, with the comments above it.
pub struct Part {
    /// The name it declares; a statement has none.
    pub name: Option<String>,
    /// Whether it is given out.
    pub is_exported: bool,
    /// Its text, without `export`.
    pub text: String,
    /// Every word in it that may be a name.
    pub words: BTreeSet<String>,
}

impl Module {
    /// Reads the module at `path`. Only one that is `run` by a page may know its own address and load others
    /// later.
    ///
    /// # Errors
    /// [`NotJoined::UnknownForm`].
    pub fn read(path: &str, source: &str, is_run: bool) -> Result<Self, NotJoined> {
        let mut module = Self { imports: Vec::new(), later: Vec::new(), parts: Vec::new() };
        for text in split(source) {
            module.add(path, &text, is_run).ok_or_else(|| NotJoined::UnknownForm {
                module: path.to_owned(),
                line: without_comments(&text).lines().next().unwrap_or_default().to_owned(),
            })?;
        }
        Ok(module)
    }

    /// Adds what a part says; nothing where its form is not known.
    fn add(&mut self, path: &str, text: &str, is_run: bool) -> Option<()> {
        let code = without_comments(text);
        if let Some(statement) = code.strip_prefix("import ") {
            let (names, from) = imported(statement.trim_end())?;
            self.imports.push(Import { from: below(path, from), names });
            return Some(());
        }
        let (declaration, is_exported) = match code.strip_prefix("export ") {
            Some(declaration) => (declaration, true),
            None => (code.as_str(), false),
        };
        let name = declared(declaration).map(str::to_owned);
        let is_beyond_us =
            ["import", "export", "await "].iter().any(|w| declaration.starts_with(w));
        let is_lost_elsewhere = code.contains("import.meta") || code.contains("import(");
        if is_beyond_us || is_exported && name.is_none() || is_lost_elsewhere && !is_run {
            return None;
        }
        for (_, after) in
            code.match_indices("import(").map(|(at, found)| code.split_at(at + found.len()))
        {
            let (from, _) = after.strip_prefix('"')?.split_once("\")")?;
            self.later.push(below(path, from));
        }
        let words = words(&code);
        let text = if is_exported { text.replacen("export ", "", 1) } else { text.to_owned() };
        self.parts.push(Part { name, is_exported, text, words });
        Some(())
    }

    /// The place of the part that declares the name.
    pub fn part(&self, name: &str) -> Option<usize> {
        self.parts.iter().position(|part| part.name.as_deref() == Some(name))
    }
}

/// The parts of a module: each begins where a word begins a line, or the comment above it does.
fn split(source: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut is_above = false;
    let mut is_comment = false;
    for line in source.lines() {
        let begins_comment = !is_comment && (line.starts_with("//") || line.starts_with("/*"));
        let begins_code = !is_comment && line.starts_with(|c: char| c.is_ascii_alphabetic());
        if begins_comment || begins_code {
            if !is_above {
                parts.push(String::new());
            }
            is_above = begins_comment;
        }
        is_comment = (is_comment || line.starts_with("/*")) && !line.contains("*/");
        if let Some(part) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts.retain(|part| !without_comments(part).is_empty());
    parts
}

/// Of `{ a, b as c } from "./d.js";` the names there and here, and where they are from.
fn imported(statement: &str) -> Option<(Vec<(String, String)>, &str)> {
    let (names, from) = statement.strip_prefix('{')?.split_once("} from \"")?;
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    let names = names.map(|name| {
        let (theirs, ours) = name.split_once(" as ").unwrap_or((name, name));
        (theirs.to_owned(), ours.to_owned())
    });
    let from = from.strip_suffix("\";").filter(|from| from.starts_with('.'))?;
    Some((names.collect(), from))
}

/// The name that a declaration is of.
fn declared(declaration: &str) -> Option<&str> {
    const KINDS: [&str; 6] =
        ["const ", "let ", "class ", "function ", "async function* ", "async function "];
    let rest = KINDS.iter().find_map(|kind| declaration.strip_prefix(kind))?;
    let end = rest.find(|c: char| !is_in_word(c))?;
    rest.get(..end).filter(|name| !name.is_empty())
}

fn words(code: &str) -> BTreeSet<String> {
    let words = code.split(|c: char| !is_in_word(c)).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

const fn is_in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// The path that a module of that path means by a path of its own.
fn below(path: &str, own: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in own.split('/') {
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

    #[test]
    fn a_part_begins_with_the_comment_above_it_and_ends_before_the_next() {
        let source = "// What it is.\n\nimport {\n  a,\n} from \"./a.js\";\n\n/** b\n * c */\nexport const b = [\n  a,\n];\nb();\n";
        let module = Module::read("m.js", source, false).unwrap();
        let texts: Vec<_> = module.parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["/** b\n * c */\nconst b = [\n  a,\n];\n", "b();\n"]);
        assert_eq!(module.parts[0].name.as_deref(), Some("b"));
        assert_eq!(module.imports[0].from, "a.js");
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
            "await a();",
            "const a = import.meta.url;",
            "const a = () => import(\"./b.js\");",
        ] {
            let refused = Module::read("a.js", line, false).err();
            let unknown = NotJoined::UnknownForm { module: "a.js".into(), line: line.into() };
            assert_eq!(refused, Some(unknown), "{line}");
        }
    }

    #[test]
    fn what_a_page_runs_may_know_its_address_and_load_others_later() {
        let source = "const a = import.meta.url;\nconst b = () => import(\"./c/d.js\");\n";
        assert_eq!(Module::read("p/a.js", source, true).unwrap().later, ["p/c/d.js"]);
        assert!(Module::read("a.js", "const b = (c) => import(c);\n", true).is_err());
    }
}
