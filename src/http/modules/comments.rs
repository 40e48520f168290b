//! Scripts without their comments, for what is sent to browsers.

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
}
