//! One ES module: what it imports, and the declarations and statements it is made of, each with the places where it
//! says a name of the module. It knows no other module, and [`read`](super::read) how one is written.

use std::collections::BTreeSet;
use std::ops::Range;

/// A module. Its paths are those of the folder, not as it writes them.
pub struct Module {
    /// What it imports, in its order.
    pub imports: Vec<Import>,
    /// The modules that it loads when they are needed.
    pub later: Vec<String>,
    /// What it is made of, in its order.
    pub parts: Vec<Part>,
    /// The names it says that are of no module.
    pub globals: BTreeSet<String>,
    /// The names declared within its functions and blocks.
    pub inner: BTreeSet<String>,
    /// Its text.
    pub source: String,
}

/// One `import` of a module.
pub struct Import {
    /// The module's path.
    pub from: String,
    /// Names there and here.
    pub names: Vec<(String, String)>,
}

/// A declaration or statement of a module, with the comments above it.
pub struct Part {
    /// The names it declares; a statement has none.
    pub names: Vec<String>,
    /// Whether they are given out.
    pub is_exported: bool,
    /// Where it is.
    pub place: Range<usize>,
    /// Where `export` is in it.
    pub export: Range<usize>,
    /// Where it says a name of the module, in its order.
    pub mentions: Vec<Mention>,
}

/// Where a part says a name of its module.
pub struct Mention {
    /// The name.
    pub name: String,
    /// Its place.
    pub place: Range<usize>,
    /// Whether it is a member's name too, as in `{ a }`.
    pub is_shorthand: bool,
}

impl Module {
    /// The place of the part that declares the name.
    pub fn part(&self, name: &str) -> Option<usize> {
        self.parts.iter().position(|part| part.names.iter().any(|declared| declared == name))
    }

    /// The names of the module that a part says.
    pub fn said<'a>(&self, part: &'a Part) -> impl Iterator<Item = &'a str> + use<'a> {
        part.mentions.iter().map(|mention| mention.name.as_str())
    }

    /// A part's text without `export`, with other names.
    pub fn text(&self, part: &Part, renamed: &dyn Fn(&str) -> String) -> String {
        let mut text = String::new();
        let mut at = part.place.start;
        let mut put = |until: &Range<usize>, new: &str| {
            text.push_str(self.source.get(at..until.start).unwrap_or_default());
            text.push_str(new);
            at = until.end;
        };
        put(&part.export, "");
        for mention in &part.mentions {
            let new = renamed(&mention.name);
            match &mention.name {
                name if *name == new => {}
                name if mention.is_shorthand => put(&mention.place, &format!("{name}: {new}")),
                _ => put(&mention.place, &new),
            }
        }
        put(&(part.place.end..part.place.end), "");
        text
    }
}

#[cfg(test)]
mod tests {
    use crate::http::modules::read::read;

    #[test]
    fn a_name_is_changed_wherever_it_means_the_declaration_and_nowhere_else() {
        let source = "import { a } from \"./a.js\";\n\
            let { b, c: [d], ...e } = a.a;\n\
            const f = (b) => ({ a, b, c: { a: a.b } });\n\
            ({ b, d = a } = e);\n\
            class g { static a = `a ${a}`; #b = g; b() { return this.#b; } }\n";
        let module = read("m.js", source, false).unwrap();
        let expected = [
            "let { b: b_, c: [d_], ...e_ } = a_.a;\n",
            "const f_ = (b) => ({ a: a_, b, c: { a: a_.b } });\n",
            "({ b: b_, d: d_ = a_ } = e_);\n",
            "class g_ { static a = `a ${a_}`; #b = g_; b() { return this.#b; } }\n",
        ];
        let texts = module.parts.iter().map(|part| module.text(part, &|name| format!("{name}_")));
        assert_eq!(texts.collect::<Vec<_>>(), expected);
    }
}
