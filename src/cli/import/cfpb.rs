//! The CSV of the Consumer Financial Protection Bureau's public complaint database, by the names of its
//! columns: those of the download (`Date received`) and those in lower case (`date_received`).

use std::collections::HashMap;
use std::path::Path;

use crate::cli::failure::Failure;
use crate::cli::files;
use crate::cli::terminal::escape;
use crate::encoding::time::Date;

/// One complaint, as the database states it. Absent columns are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) id: String,
    pub(super) company: String,
    pub(super) received: Date,
    pub(super) sent: Option<Date>,
    pub(super) product: String,
    pub(super) sub_product: String,
    pub(super) issue: String,
    pub(super) sub_issue: String,
    pub(super) narrative: String,
    pub(super) response: String,
    pub(super) is_disputed: bool,
}

/// Reads the whole file. Rows keep their order.
pub(super) fn read(path: &Path) -> Result<Vec<Complaint>, Failure> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| unreadable(path, &error))?;
    let columns = Columns::of(reader.headers().map_err(|error| unreadable(path, &error))?);
    columns.require(path)?;
    let mut complaints = Vec::new();
    for (row, number) in reader.records().zip(1_usize..) {
        let row = row.map_err(|error| unreadable(path, &error))?;
        let complaint = columns.complaint(&row).map_err(|column| {
            let value = escape(columns.get(&row, column)).into_owned();
            let what = format!("{}, row {number}: `{value}` is no {column}", files::shown(path));
            Failure::new(what, "Correct the row, or take it out.")
        })?;
        complaints.push(complaint);
    }
    Ok(complaints)
}

fn unreadable(path: &Path, error: &csv::Error) -> Failure {
    let what = format!("{} cannot be read: {}", files::shown(path), escape(&error.to_string()));
    Failure::new(what, "Name a CSV file of the CFPB's complaint database.")
}

/// Where each column is.
struct Columns(HashMap<String, usize>);

const REQUIRED: [&str; 5] = ["complaint_id", "company", "date_received", "product", "issue"];

impl Columns {
    fn of(headers: &csv::StringRecord) -> Self {
        Self(headers.iter().enumerate().map(|(place, name)| (plain(name), place)).collect())
    }

    fn require(&self, path: &Path) -> Result<(), Failure> {
        match REQUIRED.iter().find(|name| !self.0.contains_key(**name)) {
            None => Ok(()),
            Some(missing) => Err(Failure::new(
                format!("{} has no column `{missing}`", files::shown(path)),
                "Name a CSV file of the CFPB's complaint database, with its header.",
            )),
        }
    }

    fn get<'r>(&self, row: &'r csv::StringRecord, name: &str) -> &'r str {
        self.0.get(name).and_then(|place| row.get(*place)).unwrap_or_default().trim()
    }

    /// The complaint in a row, or the column that does not hold what it should.
    fn complaint(&self, row: &csv::StringRecord) -> Result<Complaint, &'static str> {
        let text = |name| self.get(row, name).to_owned();
        let id = text("complaint_id");
        if id.is_empty() || id.len() > 20 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err("complaint_id");
        }
        if text("company").is_empty() {
            return Err("company");
        }
        let received = date(self.get(row, "date_received")).ok_or("date_received")?;
        let sent = match self.get(row, "date_sent_to_company") {
            "" => None,
            text => Some(date(text).ok_or("date_sent_to_company")?),
        };
        Ok(Complaint {
            id,
            company: text("company"),
            received,
            sent,
            product: text("product"),
            sub_product: text("sub_product"),
            issue: text("issue"),
            sub_issue: text("sub_issue"),
            narrative: text("consumer_complaint_narrative"),
            response: text("company_response_to_consumer"),
            is_disputed: self.get(row, "consumer_disputed").eq_ignore_ascii_case("yes"),
        })
    }
}

/// `Consumer disputed?` and `consumer_disputed?` are one column.
fn plain(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join("_")
}

/// `8/30/2013`, or `2013-08-30`.
fn date(text: &str) -> Option<Date> {
    let parts: Vec<u32> =
        text.split('/').map(|part| part.parse().ok()).collect::<Option<_>>().unwrap_or_default();
    match parts[..] {
        [month, day, year] => Date::parse(&format!("{year:04}-{month:02}-{day:02}")).ok(),
        _ => Date::parse(text).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> Result<Vec<Complaint>, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.csv");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn both_spellings_of_the_header_are_read() {
        let downloaded = "Date received,Product,Issue,Company,Complaint ID,Consumer disputed?\n\
                          08/30/2013,Mortgage,\"Fees, costs\",Acme,511074,Yes\n";
        let lower = "date_received,product,issue,company,complaint_id,consumer_disputed?\n\
                     8/30/2013,Mortgage,\"Fees, costs\",Acme,511074,Yes\n";
        let read = complaints(downloaded).unwrap();
        assert_eq!(read, complaints(lower).unwrap());
        assert_eq!(read[0].received.to_string(), "2013-08-30");
        assert!(read[0].is_disputed && read[0].issue == "Fees, costs");
    }

    #[test]
    fn a_row_that_is_no_complaint_is_named() {
        let header = "date_received,product,issue,company,complaint_id\n";
        let failure = |row: &str| complaints(&format!("{header}{row}\n")).unwrap_err().to_string();
        assert!(failure("2/30/2013,a,b,c,1").ends_with("row 1: `2/30/2013` is no date_received"));
        assert!(failure("2/3/2013,a,b,c,").ends_with("`` is no complaint_id"));
        let missing = complaints("company,product\nx,y\n").unwrap_err().to_string();
        assert!(missing.ends_with("has no column `complaint_id`"), "{missing}");
    }

    proptest::proptest! {
        #[test]
        fn any_file_is_read_or_refused(rows in ".{0,200}", dates in "[0-9/-]{0,12}") {
            let header = "date_received,product,issue,company,complaint_id";
            let _ = complaints(&format!("{header}\n{rows}"));
            let _ = complaints(&format!("{header}\n{dates},a,b,c,1"));
        }
    }
}
