//! Scripts without what is only for people, for what is sent to browsers.

/// How a comment begins that tells a checker the type of an expression.
const TYPE: &str = "/** @type {";

/// The same script without its comments that begin a line, types of expressions and indentation. A text of several
/// lines loses its indentation too.
pub fn compact(script: &str) -> String {
    let mut kept = String::with_capacity(script.len());
    for line in without_comments(script).lines() {
        let mut rest = line.trim_start();
        while let Some((before, (_, after))) = rest
            .split_once(TYPE)
            .and_then(|(before, after)| Some((before, after.split_once("*/")?)))
        {
            kept.push_str(before);
            rest = after.trim_start();
        }
        kept.push_str(rest);
        kept.push('\n');
    }
    kept
}

/// The same script without its comments that begin a line. Those within a line stay.
pub fn without_comments(script: &str) -> String {
    let mut kept = String::with_capacity(script.len());
    let mut is_inside = false;
    for line in script.lines() {
        let begin = line.trim_start();
        let is_block = is_inside || begin.starts_with("/*");
        let code = match line.split_once("*/") {
            Some((_, rest)) if is_block => {
                is_inside = false;
                rest
            }
            _ => {
                is_inside = is_block;
                if is_block || begin.starts_with("//") { "" } else { line }
            }
        };
        if !code.trim().is_empty() {
            kept.push_str(code);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_that_begin_a_line_are_left_out() {
        let script = "// a\nb(); // c\n\n/** d\n * e */\n  /** f */\ng(/** @type {any} */ (h));\n/** i */ (j);\n";
        let expected = "b(); // c\ng(/** @type {any} */ (h));\n (j);\n";
        assert_eq!(without_comments(script), expected);
    }

    #[test]
    fn types_and_indentation_are_left_out_of_what_is_sent() {
        let script =
            "/** a */\nif (b) {\n  c(/** @type {d} */ (e), /** @type {f} */ (g)); // h\n}\n";
        assert_eq!(compact(script), "if (b) {\nc((e), (g)); // h\n}\n");
    }
}
