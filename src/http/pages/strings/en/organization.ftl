organization-title = { $domain } on record
organization-description = Every entry of this ledger that names { $domain }, newest first.
organization-eyebrow = Organization
organization-in-own-script = In its own script: { $written }.
organization-look-alike = Different names can look alike there; the form in Latin letters tells them apart.
organization-total =
    { $count ->
        [one] { $count } entry names this domain.
       *[other] { $count } entries name this domain.
    }
organization-unclaimed = Nobody from { $domain } has claimed this page.
organization-stated = Each entry is what those who signed it state. That it is on record does not show that it is true.
organization-entries = Entries
organization-shown = { $from } to { $to } of { $total }, newest first.
organization-newest = Newest entries
organization-older = Older entries
organization-complete = Is this everything?
organization-complete-text = Every entry that names { $domain } also names the one before it by number and hash, back to the first. So none older than the newest entry shown here can be left out without a gap that shows.
organization-newest-entry = Newest entry
organization-in-chain = Entries in the chain
organization-complete-audit = To know that these links are right, and that no newer entry is left out, takes an audit of the whole ledger. Anyone can run one:
organization-this-name = A page covers exactly one domain name. Names below or above it have pages of their own.
organization-json = The entries as JSON
organization-nothing = Nothing on record names this domain.
