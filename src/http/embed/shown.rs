//! What other sites show: an entry, a thread by its agreement, or an organization. Where each is found, and how it is
//! named without words, which may be withheld or erased.

use super::{card, domains, find};
use crate::encoding::domain::Domain;
use crate::http::error::Failure;
use crate::http::pages::Visit;
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::language::Language;
use crate::http::pages::strings::Message;
use crate::http::state::App;
use crate::service::{EntryView, View};
use crate::statement::Statement;

/// What is shown.
pub enum Shown {
    /// An entry.
    Entry(Box<EntryView>),
    /// The thread that this agreement opened.
    Thread(Box<EntryView>),
    /// An organization that entries name.
    Organization(Domain),
}

/// What of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// An entry, at `/e/…`.
    Entry,
    /// A thread, at `/t/…`.
    Thread,
    /// An organization, at `/o/…`.
    Organization,
}

impl Of {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Entry, Self::Thread, Self::Organization];

    /// Where its pages are.
    pub const fn pages(self) -> &'static str {
        match self {
            Self::Entry => "/e/",
            Self::Thread => "/t/",
            Self::Organization => "/o/",
        }
    }

    /// Where its badges or cards are, below the folder of those of entries.
    const fn below(self) -> &'static str {
        match self {
            Self::Entry => "",
            Self::Thread => "t/",
            Self::Organization => "o/",
        }
    }

    /// The attribute of the element that names it, and the beginning of its messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Thread => "thread",
            Self::Organization => "organization",
        }
    }
}

impl Shown {
    /// What has that name, and nothing else.
    ///
    /// # Errors
    /// Where there is none, or the operator withholds it.
    pub fn find(view: &View, of: Of, name: &str) -> Result<Self, Failure> {
        match of {
            Of::Entry => Ok(Self::Entry(Box::new(find(view, name)?))),
            Of::Thread => {
                let unknown = || Failure::not_found("No agreement has this number and this hash");
                let entry =
                    EntryLink::find(name, view)?.filter(opens_thread).ok_or_else(unknown)?;
                Ok(Self::Thread(Box::new(entry)))
            }
            Of::Organization => {
                let unknown = || Failure::not_found("Nothing on record names this domain");
                let domain = Domain::parse(name).map_err(|_| unknown())?;
                view.organization(&domain)?.ok_or_else(unknown)?;
                Ok(Self::Organization(domain))
            }
        }
    }

    /// The same, as of the checkpoint that others recompute counts from where that covers it; what is newer is found as
    /// of the newest.
    ///
    /// # Errors
    /// As [`Shown::find`].
    pub fn find_announced(app: &App, of: Of, name: &str) -> Result<(View, Self), Failure> {
        if let Ok(view) = app.announced()
            && let Ok(shown) = Self::find(&view, of, name)
        {
            return Ok((view, shown));
        }
        let view = app.view()?;
        let shown = Self::find(&view, of, name)?;
        Ok((view, shown))
    }

    /// Which of the three it is.
    pub const fn of(&self) -> Of {
        match self {
            Self::Entry(_) => Of::Entry,
            Self::Thread(_) => Of::Thread,
            Self::Organization(_) => Of::Organization,
        }
    }

    /// Its name in addresses.
    pub fn name(&self) -> String {
        match self {
            Self::Entry(entry) | Self::Thread(entry) => EntryLink::of(entry).to_string(),
            Self::Organization(domain) => domain.to_string(),
        }
    }

    /// The path of its page.
    pub fn page_path(&self) -> String {
        format!("{}{}", self.of().pages(), self.name())
    }

    /// The path of its badge, in a language that is chosen by the address.
    pub fn badge_path(&self, language: Option<Language>) -> String {
        let path = format!("/badge/{}{}.svg", self.of().below(), self.name());
        language.map_or(path.clone(), |language| format!("{path}?lang={}", language.tag()))
    }

    /// The path of its card.
    pub fn card_path(&self) -> String {
        format!("/embed/{}{}", self.of().below(), self.name())
    }

    /// What a frame or a picture of it is called.
    pub fn title(&self, visit: &Visit) -> Message {
        let origin = visit.app().ledger().origin().to_string();
        match self {
            Self::Entry(entry) => card::title(visit, entry),
            Self::Thread(agreement) => {
                let domains = domains(agreement).collect::<Vec<_>>();
                let domains = domains.join(&visit.say("list-separator").text());
                visit
                    .say("shown-thread")
                    .with("index", agreement.entry.index.to_string())
                    .with("domains", domains)
                    .with("origin", origin)
            }
            Self::Organization(domain) => visit
                .say("shown-organization")
                .with("domain", domain.to_string())
                .with("origin", origin),
        }
    }
}

fn opens_thread(entry: &EntryView) -> bool {
    let statement = Statement::read(entry.entry.envelope.payload());
    statement.is_ok_and(|statement| statement.membership().opens_thread)
}
