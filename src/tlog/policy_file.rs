//! Reads the file of a trust policy (C2SP tlog-policy): lines of `log`, `witness`, `group` and `quorum`.
//! What a policy means is in `policy`.

use std::collections::HashMap;

use super::key::{NotAKey, Scheme, VerifierKey};
use super::policy::{Group, Listed, Member, Policy};

/// A policy of 32 logs, witnesses and groups with post-quantum keys is well below this many bytes.
const LENGTH_MAX: usize = 1 << 20;

/// Why a file is not a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {fault}")]
pub struct NotAPolicy {
    /// The line, from 1; the one after the last where something is missing.
    pub line: usize,
    /// What is wrong with it.
    pub fault: PolicyFault,
}

/// What is wrong with a line of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// More than 1 MiB.
    #[error("the file is too long")]
    Length,
    /// A control character other than tab and line break.
    #[error("a control character")]
    Control,
    /// Neither `log` nor `witness`, `group` or `quorum`.
    #[error("it begins with none of log, witness, group and quorum")]
    Keyword,
    /// Too few or too many words.
    #[error("too few or too many words")]
    Words,
    /// Not a verifier key.
    #[error(transparent)]
    Key(#[from] NotAKey),
    /// A witness's key for a log, or the other way round.
    #[error("a key of that type does not belong on this line")]
    KeyType,
    /// The public key is on an earlier line already.
    #[error("that key is given twice")]
    SameKey,
    /// The name is taken, or it is `none`.
    #[error("that name is taken")]
    SameName,
    /// No line before defines the name.
    #[error("no line above defines that name")]
    UnknownName,
    /// The witness or group is a member of a group already.
    #[error("that name is in a group already")]
    SameMember,
    /// Not `any`, `all` or a number from 1 to that of the members.
    #[error("a group needs any, all or a number of its members")]
    Threshold,
    /// A second line with the quorum.
    #[error("the quorum is given twice")]
    SecondQuorum,
    /// No line with the quorum.
    #[error("the quorum is missing")]
    NoQuorum,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`NotAPolicy`] with the first line that is not as the standard says.
    pub fn parse(file: &[u8]) -> Result<Self, NotAPolicy> {
        if file.len() > LENGTH_MAX {
            return Err(NotAPolicy { line: 1, fault: PolicyFault::Length });
        }
        let mut reader = Reader::default();
        let mut last = 0;
        for (bytes, line) in file.split(|byte| *byte == b'\n').zip(1..) {
            reader.line(bytes).map_err(|fault| NotAPolicy { line, fault })?;
            last = line;
        }
        reader.finish().map_err(|fault| NotAPolicy { line: last, fault })
    }
}

/// What was read so far. Names are bytes: the standard gives them no encoding.
#[derive(Default)]
struct Reader<'file> {
    logs: Vec<Listed>,
    witnesses: Vec<Listed>,
    groups: Vec<Group>,
    /// Each name with what it stands for and whether a group has it as a member.
    names: HashMap<&'file [u8], (Member, bool)>,
    quorum: Option<Option<Member>>,
}

impl<'file> Reader<'file> {
    fn line(&mut self, bytes: &'file [u8]) -> Result<(), PolicyFault> {
        let is_control = |byte: &u8| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f;
        if bytes.iter().any(is_control) {
            return Err(PolicyFault::Control);
        }
        let words = bytes.split(|byte| matches!(byte, b' ' | b'\t'));
        let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).collect();
        match words[..] {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", key] => self.log(key, None),
            [b"log", key, url] => self.log(key, Some(url)),
            [b"witness", name, key] => self.witness(name, key, None),
            [b"witness", name, key, url] => self.witness(name, key, Some(url)),
            [b"group", name, threshold, ref members @ ..] if !members.is_empty() => {
                self.group(name, threshold, members)
            }
            [b"quorum", name] => self.quorum(name),
            [b"log" | b"witness" | b"group" | b"quorum", ..] => Err(PolicyFault::Words),
            _ => Err(PolicyFault::Keyword),
        }
    }

    fn log(&mut self, key: &[u8], url: Option<&[u8]>) -> Result<(), PolicyFault> {
        let key = parse_key(key)?;
        if matches!(key.scheme(), Scheme::Cosignature(_)) {
            return Err(PolicyFault::KeyType);
        }
        let name = key.name().as_str().into();
        add(&mut self.logs, Listed { name, key, url: url.map(shown) })
    }

    fn witness(
        &mut self,
        name: &'file [u8],
        key: &[u8],
        url: Option<&[u8]>,
    ) -> Result<(), PolicyFault> {
        let key = parse_key(key)?;
        if matches!(key.scheme(), Scheme::Note(_)) {
            return Err(PolicyFault::KeyType);
        }
        self.define(name, Member::Witness(self.witnesses.len()))?;
        add(&mut self.witnesses, Listed { name: shown(name), key, url: url.map(shown) })
    }

    fn group(
        &mut self,
        name: &'file [u8],
        threshold: &[u8],
        members: &[&'file [u8]],
    ) -> Result<(), PolicyFault> {
        let threshold = parse_threshold(threshold, members.len()).ok_or(PolicyFault::Threshold)?;
        let members: Result<Vec<Member>, PolicyFault> =
            members.iter().map(|name| self.take(name)).collect();
        self.define(name, Member::Group(self.groups.len()))?;
        self.groups.push(Group { name: shown(name), threshold, members: members? });
        Ok(())
    }

    fn quorum(&mut self, name: &[u8]) -> Result<(), PolicyFault> {
        if self.quorum.is_some() {
            return Err(PolicyFault::SecondQuorum);
        }
        let member = match name {
            b"none" => None,
            name => Some(self.names.get(name).ok_or(PolicyFault::UnknownName)?.0),
        };
        self.quorum = Some(member);
        Ok(())
    }

    fn define(&mut self, name: &'file [u8], member: Member) -> Result<(), PolicyFault> {
        if name == b"none" || self.names.insert(name, (member, false)).is_some() {
            return Err(PolicyFault::SameName);
        }
        Ok(())
    }

    /// A name becomes a member of one group only, so that a witness counts in one way only.
    fn take(&mut self, name: &[u8]) -> Result<Member, PolicyFault> {
        let (member, is_taken) = self.names.get_mut(name).ok_or(PolicyFault::UnknownName)?;
        if std::mem::replace(is_taken, true) { Err(PolicyFault::SameMember) } else { Ok(*member) }
    }

    fn finish(self) -> Result<Policy, PolicyFault> {
        let Self { logs, witnesses, groups, quorum, .. } = self;
        let quorum = quorum.ok_or(PolicyFault::NoQuorum)?;
        Ok(Policy { logs, witnesses, groups, quorum })
    }
}

fn parse_key(word: &[u8]) -> Result<VerifierKey, PolicyFault> {
    let text = std::str::from_utf8(word).map_err(|_| NotAKey::Form)?;
    Ok(text.parse()?)
}

fn add(all: &mut Vec<Listed>, one: Listed) -> Result<(), PolicyFault> {
    if all.iter().any(|other| other.key.public_bytes() == one.key.public_bytes()) {
        return Err(PolicyFault::SameKey);
    }
    all.push(one);
    Ok(())
}

/// A name or an address as text. What is no UTF-8 in it is only for people to see.
fn shown(word: &[u8]) -> Box<str> {
    String::from_utf8_lossy(word).into()
}

fn parse_threshold(word: &[u8], members: usize) -> Option<usize> {
    match word {
        b"any" => Some(1),
        b"all" => Some(members),
        [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => {
            let threshold = std::str::from_utf8(word).ok()?.parse().ok()?;
            if threshold <= members { Some(threshold) } else { None }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;
    use proptest::prelude::*;

    fn log(seed: u8) -> String {
        let key = PrivateKey::from_seed(&[seed; 32]).public_key();
        VerifierKey::of_log("log.example".parse().unwrap(), &key).to_string()
    }

    fn witness(seed: u8) -> String {
        let key = PrivateKey::from_seed(&[seed; 32]).public_key();
        VerifierKey::of_witness("witness.example".parse().unwrap(), &key).to_string()
    }

    #[test]
    fn the_example_of_the_standard_is_a_policy() {
        let mut text = format!("# two groups\n\nlog {} https://log.example/\n", log(0));
        for (name, seed) in ["X1", "X2", "X3", "Y1", "Y2", "Y3"].iter().zip(1..) {
            text += &format!(" \twitness {name}\t{} \n", witness(seed));
        }
        text += "group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\n";
        text += "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";
        let policy = Policy::parse(text.as_bytes()).unwrap();
        assert_eq!((policy.logs().len(), policy.witnesses().len()), (1, 6));
        let thresholds: Vec<usize> = policy.groups.iter().map(|group| group.threshold).collect();
        assert_eq!(thresholds, [2, 1, 2]);
        assert_eq!(policy.quorum, Some(Member::Group(2)));
        assert_eq!(policy.logs()[0].url(), Some("https://log.example/"));
        assert_eq!(policy.witnesses()[0].url(), None);
        assert_eq!(Policy::parse(text.trim_end().as_bytes()), Ok(policy));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let (log, a, b) = (log(0), witness(1), witness(2));
        let two = format!("witness a {a}\nwitness b {b}\n");
        for (text, line, fault) in [
            (String::new(), 1, PolicyFault::NoQuorum),
            (format!("log {log}\n"), 2, PolicyFault::NoQuorum),
            ("quorum none\nquorum none\n".into(), 2, PolicyFault::SecondQuorum),
            ("quorum none\r\n".into(), 1, PolicyFault::Control),
            ("quorum a\n".into(), 1, PolicyFault::UnknownName),
            ("quorum none more\n".into(), 1, PolicyFault::Words),
            ("Quorum none\n".into(), 1, PolicyFault::Keyword),
            ("log\n".into(), 1, PolicyFault::Words),
            ("\nlog x\n".into(), 2, PolicyFault::Key(NotAKey::Form)),
            (format!("log {a}\n"), 1, PolicyFault::KeyType),
            (format!("witness a {log}\n"), 1, PolicyFault::KeyType),
            (format!("log {log}\nlog {log}\n"), 2, PolicyFault::SameKey),
            (format!("witness a {a}\nwitness b {a}\n"), 2, PolicyFault::SameKey),
            (format!("witness a {a}\nwitness a {b}\n"), 2, PolicyFault::SameName),
            (format!("witness none {a}\n"), 1, PolicyFault::SameName),
            (format!("{two}group a any b\n"), 3, PolicyFault::SameName),
            (format!("{two}group g any c\n"), 3, PolicyFault::UnknownName),
            (format!("{two}group g any none\n"), 3, PolicyFault::UnknownName),
            (format!("{two}group g any g\n"), 3, PolicyFault::UnknownName),
            (format!("{two}group g any\n"), 3, PolicyFault::Words),
            (format!("{two}group g any a a\n"), 3, PolicyFault::SameMember),
            (format!("{two}group g any a\ngroup h any a b\n"), 4, PolicyFault::SameMember),
            (format!("{two}group g 0 a b\n"), 3, PolicyFault::Threshold),
            (format!("{two}group g 3 a b\n"), 3, PolicyFault::Threshold),
            (format!("{two}group g 02 a b\n"), 3, PolicyFault::Threshold),
            (format!("{two}group g +1 a b\n"), 3, PolicyFault::Threshold),
            ("#".repeat(LENGTH_MAX + 1), 1, PolicyFault::Length),
        ] {
            let refused = Policy::parse(text.as_bytes());
            assert_eq!(refused, Err(NotAPolicy { line, fault }), "{text:.300}");
        }
    }

    #[test]
    fn names_are_bytes_and_need_not_be_text() {
        let mut file = b"witness \xff\xfe ".to_vec();
        file.extend(witness(1).bytes());
        file.extend(b"\nquorum \xff\xfe\n");
        assert_eq!(Policy::parse(&file).unwrap().quorum, Some(Member::Witness(0)));
    }

    proptest! {
        #[test]
        fn no_file_is_too_strange_to_be_refused(
            bytes: Vec<u8>, words in "((log|witness|group|quorum|any|all|none|a|1)[ \n]){0,20}",
        ) {
            let _ = Policy::parse(&bytes);
            let _ = Policy::parse(words.as_bytes());
        }
    }
}
