//! A script as browsers are sent it: the same in fewer bytes, by another project's minifier.

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{CompressOptions, MangleOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

use super::NotJoined;

/// The script without comments and space and with short names for what is its own. Names of members stay, so that
/// what is read from answers and handed to the browser is as it was.
///
/// # Errors
/// [`NotJoined::NotRead`].
pub fn minify(path: &str, script: &str) -> Result<String, NotJoined> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, script, SourceType::mjs()).parse();
    if let Some(problem) = parsed.diagnostics.first() {
        let why = problem.message.to_string();
        return Err(NotJoined::NotRead { module: path.to_owned(), why });
    }
    let mut program = parsed.program;
    let options = MinifierOptions {
        mangle: Some(MangleOptions { top_level: Some(true), ..MangleOptions::default() }),
        mangle_properties: None,
        compress: Some(CompressOptions::smallest()),
    };
    let minified = Minifier::new(options).minify(&allocator, &mut program);
    let code = Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(minified.scoping)
        .with_private_member_mappings(minified.class_private_mappings)
        .build(&program)
        .code;
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_its_own_become_short_and_names_of_members_and_of_others_stay() {
        let script = "// a\nimport { $0 as longer } from \"./b.js\";\n/** c */\nclass Failure extends Error {\n  \
            #private = longer;\n  member() { return this.#private; }\n}\nexport { Failure as $1 };\n";
        let expected = "import{$0 as e}from\"./b.js\";class t extends Error{#e=e;member(){return this.#e}}export{t as $1};";
        assert_eq!(minify("a.js", script).unwrap(), expected);
    }

    #[test]
    fn what_is_no_script_is_refused() {
        let refused = minify("a.js", "const a = 1;\nconst a = 2;\n(");
        assert!(matches!(refused, Err(NotJoined::NotRead { module, .. }) if module == "a.js"));
    }
}
