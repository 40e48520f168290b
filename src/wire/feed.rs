//! The newest entries as JSON Feed 1.1, for readers of feeds.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::texts;

/// A JSON Feed of a ledger, an organization or a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Feed {
    /// The version of the format: `https://jsonfeed.org/version/1.1`.
    pub version: String,
    /// What it is a feed of.
    pub title: String,
    /// The page of the same.
    pub home_page_url: String,
    /// Where it is.
    pub feed_url: String,
    /// The language of titles and labels.
    pub language: String,
    /// The ledger.
    pub authors: Vec<FeedAuthor>,
    /// The newest entries, newest first.
    pub items: Vec<FeedItem>,
}

/// Who gives a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedAuthor {
    /// The ledger's origin.
    #[schema(value_type = texts::Origin)]
    pub name: String,
    /// Where the ledger is.
    pub url: String,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedItem {
    /// The address of its page, which never is another entry's.
    pub id: String,
    /// The same.
    pub url: String,
    /// What it is, whom it names, and its title where that is public.
    pub title: String,
    /// What it says: its public words alone.
    pub content_text: String,
    /// When the ledger admitted it.
    #[schema(value_type = texts::EntryTime)]
    pub date_published: String,
    /// Its kind, and the organizations it names.
    pub tags: Vec<String>,
}
