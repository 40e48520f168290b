//! The table of reasons behind [`Reason`]: one line of each kind for every problem the ledger
//! answers with, refusals first and in the order of protocol §12.

/// Declares [`Reason`] from a table, so that a reason cannot lack one of its texts.
macro_rules! reasons {
    (
        refusals { $($refusal:ident $refusal_texts:tt)+ }
        others { $($other:ident $other_texts:tt)+ }
    ) => {
        reasons!(@all [$($refusal)+] $($refusal $refusal_texts)+ $($other $other_texts)+);
    };
    (@all [$($refusal:ident)+] $(
        $name:ident { $token:literal, $title:literal, $cause:literal, $next_step:literal }
    )+) => {
        /// Why something was not done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason {$(
            #[doc = $title]
            $name,
        )+}

        impl Reason {
            /// Every reason: the refusals in the order they are reported, then the others.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// How many of [`Reason::ALL`] are refusals of protocol §12; they come first.
            pub const REFUSALS: usize = [$(Self::$refusal),+].len();

            /// The word that stands for it in `type`.
            pub const fn token(self) -> &'static str {
                match self { $(Self::$name => $token),+ }
            }

            /// What kind of problem it is, in a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            /// When it is answered, as a sentence.
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$name => $cause),+ }
            }

            /// What to do next, as a sentence.
            pub const fn next_step(self) -> &'static str {
                match self { $(Self::$name => $next_step),+ }
            }
        }
    };
}

reasons! {
    refusals {
        MalformedJson {
            "malformed_json", "The request is not JSON of the right shape",
            "The body is not UTF-8, not JSON, or has a field too many, too few, twice or of another type.",
            "Send exactly {\"envelope\":…,\"disclosures\":[…]} as schemas/submission.json describes it."
        }
        TooLarge {
            "too_large", "The request is too large",
            "The body is over 160 KiB, the statement over 24 KiB, a disclosure over 16 KiB or all disclosures over 96 KiB.",
            "Shorten the words, or keep long material as evidence, of which only a hash is published."
        }
        BadPayloadType {
            "bad_payload_type", "The payload type is not known",
            "The envelope's payloadType is not application/vnd.onrecord.statement.v1+json.",
            "Sign the statement again with that payload type."
        }
        BadBase64 {
            "bad_base64", "Not canonical base64",
            "A text that must be base64 has another alphabet, wrong padding, a line break or stray bits at its end.",
            "Encode payload and signatures as RFC 4648 §4 with padding, disclosures as §5 without."
        }
        NotCanonical {
            "not_canonical", "Not in canonical form",
            "The payload or a disclosure is JSON, but not its own canonical form (RFC 8785).",
            "Write the JSON canonically before signing: keys sorted, no spaces, no needless escapes."
        }
        UnknownKind {
            "unknown_kind", "The kind of statement is not known",
            "The statement's kind is none that this ledger admits.",
            "Check the spelling of kind, or publish to a ledger that knows it."
        }
        UnknownField {
            "unknown_field", "A field the kind does not have",
            "The statement has a field that its kind does not define. Words do not belong in fields but in disclosures.",
            "Remove the field, or move its text into a disclosure, and sign again."
        }
        MissingField {
            "missing_field", "A field is missing",
            "The statement lacks a field that its kind requires.",
            "Add the field and sign again."
        }
        BadField {
            "bad_field", "A field has a wrong type or value",
            "A field holds another type, a value out of range, a float, null, or a set that is not unique and ascending.",
            "Correct the field that the detail names and sign again."
        }
        BadDomain {
            "bad_domain", "Not an admissible domain name",
            "A domain is not lower-case ASCII of at least two labels, is a public suffix, is not valid IDNA, or is reserved and this ledger does not take reserved names.",
            "Name the organization by the domain it registered, such as acme.com."
        }
        WrongLog {
            "wrong_log", "The statement is meant for another ledger",
            "The statement's log is not this ledger's origin.",
            "Sign it again for this ledger, or publish it to the one it names."
        }
        WeakKey {
            "weak_key", "A signer's key is weak",
            "A signer's public key is of small order or not canonically encoded, so that signatures of it prove nothing.",
            "Make a new key and sign again."
        }
        SignersMismatch {
            "signers_mismatch", "Signers and signatures do not match",
            "There are not as many signatures as signers, or the signers are none, repeated or not in ascending order.",
            "List each signer once, ascending, and give one signature for each in that order."
        }
        BadSignature {
            "bad_signature", "A signature does not verify",
            "A signature is not the signer's over exactly these bytes, or its keyid is not the fingerprint of the signer's key.",
            "Sign the exact payload that is sent, with the key of the signer at the same place."
        }
        ClaimedInFuture {
            "claimed_in_future", "Signed in the future",
            "claimed_at is more than 10 minutes after the ledger's time.",
            "Set the clock right and sign again."
        }
        ClaimedTooOld {
            "claimed_too_old", "Signed too long ago",
            "claimed_at is more than 30 days before the ledger's time.",
            "Sign the statement again and publish it soon."
        }
        SeenMismatch {
            "seen_mismatch", "The checkpoint named in seen is not this ledger's",
            "seen names a size this ledger has not reached, or another root than it had at that size.",
            "Fetch /checkpoint again and keep it. If you got that root from this ledger, it has shown two histories: tell others."
        }
        DisclosureUnreferenced {
            "disclosure_unreferenced", "Disclosures and digests do not match",
            "A disclosure was sent that the statement does not commit to, or one it commits to was neither sent nor named as sealed.",
            "Send exactly the disclosures whose digests are in _sd and not in sealed."
        }
        DisclosureDuplicate {
            "disclosure_duplicate", "A name occurs twice",
            "Two disclosures, sent or sealed, have the same name.",
            "Give each name once."
        }
        DisclosureUnknown {
            "disclosure_unknown", "The kind has no disclosure of that name",
            "A disclosure's name is not in the vocabulary of the statement's kind.",
            "Use the names that the kind defines, numbered without a gap where they are numbered."
        }
        MissingDisclosure {
            "missing_disclosure", "A required word is missing",
            "A name that the kind requires was neither sent nor sealed.",
            "Add the word, or name it as sealed, and sign again."
        }
        BadText {
            "bad_text", "A text holds what texts may not hold",
            "A disclosure has a control, unassigned or direction-changing character, a line break where one line is asked for, or a value of another form than its name asks for.",
            "Remove the character, or correct the value, and sign again."
        }
        ThreadUnknown {
            "thread_unknown", "No such thread",
            "thread names no agreement that is logged here.",
            "Publish the agreement first, and name it by its statement id."
        }
        ReUnknown {
            "re_unknown", "No such statement",
            "re names no statement that is logged here, or one of another thread.",
            "Name a logged statement of the same thread by its statement id."
        }
        NotAParty {
            "not_a_party", "The signer is no party to it",
            "A signer is not among those who may make this statement about this thread or statement.",
            "Sign with the key that signed the agreement."
        }
        NotClaimed {
            "not_claimed", "The key does not speak for the domain",
            "The statement is one for an organization to make, and the signer's key has no claim to the domain that is in force.",
            "Claim the domain with this key first."
        }
        DomainCheckFailed {
            "domain_check_failed", "The domain's keys could not be established",
            "The domain's document and DNS records could not be fetched, are expired, or do not agree.",
            "Correct /.well-known/onrecord.json or the TXT records at _onrecord, then try again."
        }
        OffersClosed {
            "offers_closed", "The agreement does not welcome offers",
            "The author of the agreement closed it to offers.",
            "Leave it: only its author can welcome offers."
        }
        Conflict {
            "conflict", "It contradicts what is logged already",
            "The thread is withdrawn or terminated, a verdict was given twice, words are not in a state from which this leads on, or the ledger has ended.",
            "Read the thread as it stands now and decide anew; where the ledger has ended, publish at the one that goes on."
        }
        RateLimited {
            "rate_limited", "Too many requests",
            "This network or this key sent more than its share for now.",
            "Wait as many seconds as Retry-After says, then try again."
        }
        ReadOnly {
            "read_only", "Nothing can be published for now",
            "The ledger cannot write safely, is starting, or is being stopped. What is published stays readable.",
            "Wait as many seconds as Retry-After says, then send the same statement again: it is logged once."
        }
    }
    others {
        Busy {
            "busy", "The queue is full",
            "More statements arrive than can be written. Nothing was stored of this one.",
            "Wait as many seconds as Retry-After says, then send the same statement again."
        }
        BadQuery {
            "bad_query", "The address has a part that cannot be read",
            "A path segment or query parameter is unknown, occurs twice or has a value out of range.",
            "Correct the part that the detail names; /openapi.json lists what each address takes."
        }
        NotFound {
            "not_found", "There is nothing here",
            "The address is none of this ledger's, or names something that is not in its newest published checkpoint.",
            "Check the address. What was published a moment ago is here once the checkpoint covers it."
        }
        Withheld {
            "withheld", "The entry is withheld",
            "The operator withholds this entry by a decision that is an entry itself. Its leaf stands in the tiles, and every proof verifies.",
            "Read the decision that the detail names, and why it was taken."
        }
        MethodNotAllowed {
            "method_not_allowed", "The address does not take this method",
            "The address exists, but not for this method.",
            "Use a method that the Allow header names."
        }
        FormatNotOffered {
            "format_not_offered", "The answer is not offered in this format",
            "The address is answered in other formats than the one asked for.",
            "Ask for JSON, or leave the format out."
        }
        RequestTimeout {
            "request_timeout", "The request did not arrive in time",
            "The body was not sent within the time allowed.",
            "Send the request again over a better connection."
        }
        Starting {
            "starting", "The ledger is still starting",
            "The ledger was just started and cannot look this up yet, or too few witnesses have cosigned a checkpoint so far. Tiles are served meanwhile.",
            "Wait as many seconds as Retry-After says, then try again."
        }
        Internal {
            "internal", "The ledger failed",
            "Something failed inside the ledger; its operator finds it in the log.",
            "Try again later. A statement that was sent may have been logged: sending it again is safe."
        }
    }
}
