//! Reads ES modules as the assets are written: by another project's parser, but of the forms of `import` and
//! `export` the few that the assets use. Every other is refused.

use std::collections::{BTreeMap, BTreeSet};

use oxc_allocator::Allocator;
use oxc_ast::AstKind;
use oxc_ast::ast::{
    Declaration, Expression, ImportDeclaration, ImportDeclarationSpecifier, ModuleExportName,
    Program, Statement,
};
use oxc_parser::Parser;
use oxc_semantic::{Scoping, Semantic, SemanticBuilder};
use oxc_span::{GetSpan, SourceType, Span};

use super::NotJoined;
use super::module::{Import, Mention, Module, Part};

/// Reads the module at `path`. Only one that a page runs may know its own address and load others
/// later.
///
/// # Errors
/// [`NotJoined::NotRead`], [`NotJoined::UnknownForm`].
pub fn read(path: &str, source: &str, is_run: bool) -> Result<Module, NotJoined> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
    if let Some(problem) = parsed.diagnostics.first() {
        return Err(NotJoined::NotRead {
            module: path.to_owned(),
            why: problem.message.to_string(),
        });
    }
    let semantic = SemanticBuilder::new().with_build_nodes(true).build(&parsed.program).semantic;
    let scoping = semantic.scoping();
    let mut module = Module {
        imports: Vec::new(),
        later: Vec::new(),
        parts: Vec::new(),
        globals: scoping.root_unresolved_references().keys().map(ToString::to_string).collect(),
        inner: inner_names(scoping),
        source: source.to_owned(),
    };
    let unknown = |span: Span| NotJoined::UnknownForm {
        module: path.to_owned(),
        line: span.source_text(source).lines().next().unwrap_or_default().to_owned(),
    };
    module.add_statements(path, &parsed.program).map_err(unknown)?;
    module.add_later(path, &semantic, is_run).map_err(unknown)?;
    module.add_mentions(&semantic);
    Ok(module)
}

impl Module {
    /// Adds what it is made of; the span of what has no form that is known.
    fn add_statements(&mut self, path: &str, program: &Program<'_>) -> Result<(), Span> {
        let mut begin = 0;
        let mut statements = program.body.iter().peekable();
        while let Some(statement) = statements.next() {
            let next = statements.peek().map_or(self.source.len(), |next| start(next.span()));
            let place = begin..line_end(&self.source, end(statement.span())).min(next);
            begin = place.end;
            let whole = start(statement.span());
            let mut part = Part {
                names: Vec::new(),
                is_exported: false,
                place,
                export: whole..whole,
                mentions: Vec::new(),
            };
            match statement {
                Statement::ImportDeclaration(import) => {
                    self.imports.push(imported(path, import).ok_or(import.span)?);
                    continue;
                }
                Statement::ExportDeclaration(export) => {
                    part.is_exported = true;
                    part.export.end = start(export.declaration.span());
                    part.names = declared(&export.declaration);
                }
                other => match other.as_declaration() {
                    Some(declaration) => part.names = declared(declaration),
                    None if other.is_module_declaration() => return Err(other.span()),
                    None => {}
                },
            }
            self.parts.push(part);
        }
        Ok(())
    }

    /// Adds what it loads later; the span of what only a module that is run may say.
    fn add_later(&mut self, path: &str, semantic: &Semantic<'_>, is_run: bool) -> Result<(), Span> {
        for node in semantic.nodes().iter() {
            match node.kind() {
                AstKind::ImportMeta(meta) if !is_run => return Err(meta.span),
                AstKind::ImportExpression(import) => match &import.source {
                    Expression::StringLiteral(from) if is_run => {
                        self.later.push(below(path, &from.value));
                    }
                    _ => return Err(import.span),
                },
                _ => {}
            }
        }
        Ok(())
    }

    /// Adds to each part where it says a name of the module.
    fn add_mentions(&mut self, semantic: &Semantic<'_>) {
        let shorthand = shorthand(semantic);
        let mut mentions = BTreeMap::new();
        let scoping = semantic.scoping();
        for symbol in scoping.get_bindings(scoping.root_scope_id()).values() {
            let declared = scoping.symbol_redeclarations(*symbol).iter().map(|again| again.span);
            let said = semantic.symbol_references(*symbol).map(|at| semantic.reference_span(at));
            for span in declared.chain([scoping.symbol_span(*symbol)]).chain(said) {
                mentions.insert(start(span), (end(span), scoping.symbol_name(*symbol)));
            }
        }
        for part in &mut self.parts {
            let within = mentions.range(part.place.clone());
            part.mentions = within
                .map(|(start, (end, name))| Mention {
                    name: (*name).to_owned(),
                    place: *start..*end,
                    is_shorthand: shorthand.contains(start),
                })
                .collect();
        }
    }
}

/// What an import says, if it is of the form `import { a, b as c } from "./d.js"`.
fn imported(path: &str, import: &ImportDeclaration<'_>) -> Option<Import> {
    let from = import.source.value.as_str();
    let names = import.specifiers.as_ref().filter(|_| from.starts_with('.'))?.iter();
    let names = names.map(|name| match name {
        ImportDeclarationSpecifier::ImportSpecifier(name) => match &name.imported {
            ModuleExportName::IdentifierName(theirs) => {
                Some((theirs.name.to_string(), name.local.name.to_string()))
            }
            _ => None,
        },
        _ => None,
    });
    Some(Import { from: below(path, from), names: names.collect::<Option<_>>()? })
}

/// The names that a declaration is of.
fn declared(declaration: &Declaration<'_>) -> Vec<String> {
    let names = match declaration {
        Declaration::VariableDeclaration(variables) => variables
            .declarations
            .iter()
            .flat_map(|variable| variable.id.get_binding_identifiers())
            .map(|name| name.name)
            .collect(),
        Declaration::FunctionDeclaration(function) => Vec::from_iter(function.name()),
        Declaration::ClassDeclaration(class) => Vec::from_iter(class.name()),
        _ => Vec::new(),
    };
    names.into_iter().map(|name| name.to_string()).collect()
}

fn inner_names(scoping: &Scoping) -> BTreeSet<String> {
    let inner = scoping
        .symbol_ids()
        .filter(|symbol| scoping.symbol_scope_id(*symbol) != scoping.root_scope_id());
    inner.map(|symbol| scoping.symbol_name(symbol).to_owned()).collect()
}

/// Where names are that are members' names too.
fn shorthand(semantic: &Semantic<'_>) -> BTreeSet<usize> {
    let places = semantic.nodes().iter().filter_map(|node| match node.kind() {
        AstKind::ObjectProperty(member) if member.shorthand => Some(member.span),
        AstKind::BindingProperty(member) if member.shorthand => Some(member.span),
        AstKind::AssignmentTargetPropertyIdentifier(member) => Some(member.span),
        _ => None,
    });
    places.map(start).collect()
}

fn start(span: Span) -> usize {
    span.start as usize
}

fn end(span: Span) -> usize {
    span.end as usize
}

/// Where the line ends that `at` is in, its end included.
fn line_end(source: &str, at: usize) -> usize {
    let rest = source.get(at..).unwrap_or_default();
    rest.find('\n').map_or(source.len(), |length| at + length + 1)
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

    fn texts(module: &Module, renamed: &dyn Fn(&str) -> String) -> Vec<String> {
        module.parts.iter().map(|part| module.text(part, renamed)).collect()
    }

    #[test]
    fn a_part_begins_with_the_comment_above_it_and_ends_with_its_line() {
        let source = "// What it is.\n\nimport {\n  a,\n} from \"./a.js\";\n/** b\n * c */\nexport const b = [\n  a,\n];\nb(); // b\nlet d; d();";
        let module = read("m.js", source, false).unwrap();
        let expected =
            ["/** b\n * c */\nconst b = [\n  a,\n];\n", "b(); // b\n", "let d; ", "d();"];
        assert_eq!(texts(&module, &str::to_owned), expected);
        assert_eq!(module.parts[0].names, ["b"]);
        assert_eq!(module.imports[0].from, "a.js");
    }

    #[test]
    fn forms_that_are_not_known_are_refused() {
        for line in [
            "import a from \"./b.js\";",
            "import * as a from \"./b.js\";",
            "import \"./b.js\";",
            "import { a } from \"b\";",
            "import { \"a\" as b } from \"./b.js\";",
            "export default 1;",
            "export { a }; let a;",
            "export { a } from \"./b.js\";",
            "export * from \"./b.js\";",
            "import.meta",
            "import(\"./b.js\")",
        ] {
            let refused = read("a.js", line, false).err();
            let Some(NotJoined::UnknownForm { module, line: named }) = refused else {
                panic!("{line}: {refused:?}");
            };
            assert!(module == "a.js" && line.starts_with(&named) && !named.is_empty(), "{line}");
        }
    }

    #[test]
    fn what_is_no_module_is_refused() {
        let refused = read("a.js", "const a = ;\n", false).err();
        assert!(matches!(refused, Some(NotJoined::NotRead { module, .. }) if module == "a.js"));
    }

    #[test]
    fn what_a_page_runs_may_know_its_address_and_load_others_later() {
        let source = "const a = import.meta.url;\nconst b = () => import(\"./c/d.js\");\n";
        assert_eq!(read("p/a.js", source, true).unwrap().later, ["p/c/d.js"]);
        assert!(read("a.js", "const b = (c) => import(c);\n", true).is_err());
    }
}
