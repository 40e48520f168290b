entry-number = Entry { $index }
entry-title = Entry { $index }: { $heading }
entry-description = { $kind }: who signed it, what it says, and how to check it.
entry-description-with = { $kind }, { $subjects }: who signed it, what it says, and how to check it.
entry-heading-with = { $kind }: { $subjects }
entry-imported = Imported from { $source }. The signer is the importer, not a party to it.

# What the signers say by a statement of a kind.
says-acceptance = Those who signed state that they take the offer.
says-agreement = Those who signed state that this was agreed.
says-amendment = Those who signed state a whole new list of commitments. Only one that all parties sign changes what is owed.
says-assessment = Those who signed state whether the matter is resolved, in their view.
says-breach = Those who signed state that commitments were not kept.
says-claim = A key that the domain lists states that it speaks for it from here on.
says-countersignature = The organization states whether it confirms what was agreed.
says-erasure = Those who signed had words of an earlier entry deleted for good. The earlier entry and its proofs stand as before.
says-fulfilment = Those who signed state that commitments were kept.
says-moderation = The operator of this ledger withheld, restored or erased words, and states why.
says-notice = Whoever signed asks the operator to withhold words of an entry, and states why.
says-observation = The operator of this ledger states which keys the domain listed when it was asked.
says-offer = An organization that is no party to the agreement states what it would do.
says-policy = The operator of this ledger states the rules by which entries are admitted from here on.
says-response = The organization states its answer.
says-reveal = Those who signed made sealed words of an earlier entry public.
says-termination = Those who signed state that they end the agreement.
says-withdrawal = Those who signed take back their side. After this they may only state whether the matter is resolved.

entry-commitments = What was agreed
commitment-by = By
commitment-by-signer = those who signed the agreement
commitment-due = due

entry-facts = What was signed
entry-admitted = Admitted by the ledger
entry-claimed-at = Time that the signers state
entry-signed-by =
    { $count ->
        [one] Signed by this key
       *[other] Signed by these keys
    }
entry-key-is-no-name = A key is not a name. Who holds it is not part of the record, unless the words say so.

entry-checks = Checks
entry-checks-show = The checks show that the holders of these keys signed exactly this, and that it stands in this ledger unchanged. They do not show that the words are true or who holds a key.
entry-checks-by-program = Anyone can run them, without trusting this server:

entry-stands = Where it stands
entry-thread = The agreement and everything stated about it since
chain-ledger = Before it in the ledger
chain-agreement = The agreement
chain-thread = In the thread of the agreement
chain-organization = About { $domain }
chain-key = Signed by key { $number }
chain-first = the first entry
chain-place = entry number { $place }, after

entry-forms = To keep and to check
entry-bundle = Bundle
entry-proof = Proof
entry-json = JSON
entry-bundle-proves = The bundle holds the entry, its public words and the proof. It can be checked without this server.
entry-what-is-what = What is what on this page
part-of-page-entry = Entry
part-of-page-meaning-entry = What the ledger appended: a signed statement with a number, a time and the hashes of the entries before it.
part-of-page-statement = Statement
part-of-page-meaning-statement = What was signed: the fields, and a digest of each of the words.
part-of-page-key = Key
part-of-page-meaning-key = What signatures are checked with. Its secret half stays with whoever signed.
part-of-page-words = Words
part-of-page-meaning-words = Texts that travel beside the statement, so that each can be public, sealed, withheld or erased while the signature still verifies.
part-of-page-checkpoint = Checkpoint
part-of-page-meaning-checkpoint = The ledger's signature over everything in it up to a number of entries. Nothing below that number can change unnoticed.
entry-technical = Technical details
technical-leaf-hash = Leaf hash
technical-statement-id = Statement id
technical-checkpoint-size = Entries the checkpoint covers
technical-statement = The statement as it was signed, set over several lines
technical-links = The hashes of the entries before it, chain by chain

entry-withheld = The operator of this ledger withholds what this entry says. It stands where it stood, and every proof verifies.
withheld-by = Withheld on { $date } by the operator of this ledger. Ground: { $ground }.
state-not-checked = not checked yet
state-sealed = sealed
state-withheld = withheld
state-erased = erased
state-meaning-sealed = It was never uploaded. Whoever signed can make it public later, and the digest then shows that it is the same.
state-meaning-withheld = The ledger holds it and does not show it.
state-meaning-erased = It was deleted for good. Everything else still verifies.

word-title = Title
word-commitment = Commitment { $number }
word-evidence = Evidence { $number }
word-narrative = What happened
word-note = Note
word-rules = Rules
word-signer_name = Name the signer gives
word-terms = Terms
word-contact = Contact
word-delay_reason = Reason for the delay
word-explanation = Explanation
word-facts = Facts
word-legal_name = Legal name, as the organization states it
word-price = Price
word-other = Part { $name }
word-not-known = Words whose name is not known any more
part-bytes = Size
part-bytes-count =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
part-label = Label
part-media_type = Type
part-salt = Salt
part-sha256 = SHA-256
part-title = Title
part-url = Address

field-again = Would agree with them again
field-agreed_on = Agreed on
field-basis = How it was agreed
field-by = Who makes the amendment
field-commitment_numbers = Numbers of the commitments
field-decision = Decision
field-desired_outcome = What is asked for
field-digests = Words concerned
field-document_sha256 = SHA-256 of the document
field-domain = Stated by the organization
field-effective = Effective from
field-expected_final_by = Final response expected by
field-expires = Stands until
field-extent = To what extent
field-final_days = Time for a final response
field-ground = Ground
field-imported_from = Imported from
field-keys = Keys that the domain lists
field-lang = Language of the words
field-method = How it was asked
field-observed = Domain that was asked
field-occurred_on = When
field-offers = Offers from other organizations
field-operator_keys = Keys of the operator
field-outcome = What comes of it
field-predecessor = Ledger before this one
field-re = The entry concerned
field-reason = Reason
field-reserved_domains = Domain names reserved for examples are admitted
field-resolved = Resolved
field-response_days = Time for a response
field-role = Who asks
field-satisfaction = Satisfaction
field-since = Since
field-source = What led to it
field-stage = Stage
field-subjects = With
field-verdict = Verdict

token-basis-written = in writing
token-basis-online_terms = by terms on a website
token-basis-spoken = in a conversation
token-basis-chat = in a chat
token-basis-statutory = by law
token-basis-myterms = by terms that the person set
token-by-mutual = all parties
token-by-unilateral = one side
token-desired_outcome-explanation = an explanation
token-desired_outcome-refund = a refund
token-desired_outcome-credit = a credit
token-desired_outcome-repair = a repair
token-desired_outcome-replacement = a replacement
token-desired_outcome-correction = a correction
token-desired_outcome-apology = an apology
token-desired_outcome-policy_change = a change of policy
token-desired_outcome-none = nothing
token-extent-full = in full
token-extent-partial = in part
token-offers-welcome = welcome
token-offers-closed = not wanted
token-reason-privacy = privacy
token-reason-mistake = a mistake
token-reason-other = another
token-resolved-yes = yes
token-resolved-partly = partly
token-resolved-no = no
token-decision-withheld = withheld
token-decision-restored = restored
token-decision-erased = erased
token-ground-privacy = privacy
token-ground-defamation = defamation
token-ground-court_order = a court order
token-ground-impersonation = impersonation
token-ground-illegal = against the law
token-ground-copyright = copyright
token-ground-spam = spam
token-method-https = over https
token-method-dns = in the DNS
token-method-both = over https and in the DNS
token-outcome-explanation = an explanation
token-outcome-refund = a refund
token-outcome-credit = a credit
token-outcome-repair = a repair
token-outcome-replacement = a replacement
token-outcome-correction = a correction
token-outcome-apology = an apology
token-outcome-policy_change = a change of policy
token-outcome-none = nothing
token-reason-not_our_customer = not a customer of this organization
token-reason-wrong_organization = another organization is meant
token-reason-duplicate = on record already
token-reason-terms_differ = other terms were agreed
token-role-subject_person = the person that the words are about
token-role-organization = an organization
token-role-authority = an authority
token-role-other = somebody else
token-source-notice = a notice
token-source-own_initiative = the operator's own look
token-source-author = who wrote it
token-source-court = a court
token-stage-acknowledged = acknowledged
token-stage-in_progress = in progress
token-stage-final = final
token-verdict-confirmed = confirmed
token-verdict-partly = confirmed in part
token-verdict-declined = declined
words-none = none: the entry itself
answer-yes = yes
answer-no = no
days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
of-five = { $number } of 5
