//! Which domain stands for a company: the importer's map, else, on a ledger that admits names reserved for
//! examples, the company's name as a label under `.example`. Two companies never share a made-up name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::cli::failure::Failure;
use crate::cli::files;
use crate::cli::terminal::escape;
use crate::crypto::sha256;
use crate::encoding::domain::Domain;

/// Leaves room in a label of 63 for a mark that tells two companies apart.
const SLUG_MAX: usize = 50;

/// The importer's map: company, domain.
pub(super) type Map = BTreeMap<String, Domain>;

/// Reads a CSV file of two columns, company and domain.
pub(super) fn read_map(path: &Path) -> Result<Map, Failure> {
    let unreadable = |what: String| {
        let what = format!("{}: {what}", files::shown(path));
        Failure::new(
            what,
            "It takes a line for each company: its name as in the complaints, and its domain.",
        )
    };
    let reader = csv::ReaderBuilder::new().has_headers(false).from_path(path);
    let mut reader = reader.map_err(|error| unreadable(error.to_string()))?;
    let mut map = Map::new();
    for row in reader.records() {
        let row = row.map_err(|error| unreadable(error.to_string()))?;
        let (company, domain) = (row.get(0).unwrap_or(""), row.get(1).unwrap_or("").trim());
        if (company, domain) == ("company", "domain") {
            continue;
        }
        let domain = Domain::parse(domain)
            .map_err(|error| unreadable(format!("`{}` is {error}", escape(domain))))?;
        map.insert(company.trim().to_owned(), domain);
    }
    Ok(map)
}

/// The domain of every company.
pub(super) fn resolve(
    companies: BTreeSet<&str>,
    map: &Map,
    admits_examples: bool,
) -> Result<Map, Failure> {
    let missing: Vec<_> = companies.iter().filter(|name| !map.contains_key(**name)).collect();
    if !admits_examples && !missing.is_empty() {
        let first: Vec<_> = missing.iter().take(5).map(|name| escape(name)).collect();
        let what = format!(
            "{} companies have no domain, and this ledger admits no made-up ones: {}",
            missing.len(),
            first.join("; ")
        );
        return Err(Failure::new(what, "Give them a domain each in a CSV file, with --domains."));
    }
    let mut of_slug: BTreeMap<String, usize> = BTreeMap::new();
    for name in &missing {
        *of_slug.entry(slug(name)).or_default() += 1;
    }
    let domain = |name: &str| -> Option<Domain> {
        if let Some(domain) = map.get(name) {
            return Some(domain.clone());
        }
        let slug = slug(name);
        let is_shared = slug.is_empty() || of_slug.get(&slug).is_some_and(|count| *count > 1);
        let mark = if is_shared {
            format!("c{}", &sha256(name.as_bytes()).to_hex()[..8])
        } else {
            String::new()
        };
        let label: Vec<_> = [slug, mark].into_iter().filter(|part| !part.is_empty()).collect();
        Domain::parse(&format!("{}.example", label.join("-"))).ok()
    };
    companies
        .into_iter()
        .map(|name| {
            let domain = domain(name).ok_or_else(|| {
                let what = format!("`{}` makes no domain name", escape(name));
                Failure::new(what, "Give it a domain in a CSV file, with --domains.")
            })?;
            Ok((name.to_owned(), domain))
        })
        .collect()
}

/// The name in lower-case letters, digits and single hyphens.
fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").to_ascii_lowercase().chars().take(SLUG_MAX).collect();
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(names: &[&str], map: &Map) -> Vec<String> {
        let all = resolve(names.iter().copied().collect(), map, true).unwrap();
        names.iter().map(|name| all[*name].to_string()).collect()
    }

    #[test]
    fn a_company_without_a_domain_gets_its_name_under_example() {
        let names = ["Wells Fargo & Company", "E*Trade Bank", "Afni, Inc."];
        let expected = ["wells-fargo-company.example", "e-trade-bank.example", "afni-inc.example"];
        assert_eq!(resolved(&names, &Map::new()), expected);
    }

    #[test]
    fn two_companies_never_share_a_made_up_name() {
        let names = ["Acme, Inc.", "ACME Inc", "日本"];
        let domains = resolved(&names, &Map::new());
        assert!(domains[0].starts_with("acme-inc-c") && domains[1].starts_with("acme-inc-c"));
        assert_ne!(domains[0], domains[1]);
        assert!(domains[2].starts_with('c'));
    }

    #[test]
    fn the_map_goes_before_and_a_strict_ledger_needs_it() {
        let map = Map::from([("Acme".to_owned(), Domain::parse("acme.com").unwrap())]);
        assert_eq!(resolved(&["Acme"], &map), ["acme.com"]);
        let names = || ["Acme", "Other"].into_iter().collect();
        assert!(resolve(names(), &map, false).unwrap_err().what().contains("1 companies"));
    }
}
