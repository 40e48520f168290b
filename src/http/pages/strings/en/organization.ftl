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
organization-due = What is due now
organization-due-nothing = Nothing that is due on a day waits for it.
organization-due-counts = Overdue: { $late }. Still to come: { $coming }.
organization-due-late = Overdue, nothing recorded: { $what }, due { $day }
organization-due-by = { $what }, by { $day }
organization-due-thread = Thread of agreement { $index }
organization-due-part = Only the first are shown. The calendar has more of them.
organization-claims = Who claimed it
organization-claimed = Claimed { $time }
organization-keys = Signed by
organization-first-in =
    { $count ->
        [one] States that it gives a first response within { $count } day.
       *[other] States that it gives a first response within { $count } days.
    }
organization-final-in =
    { $count ->
        [one] States that it gives a final response within { $count } day.
       *[other] States that it gives a final response within { $count } days.
    }
organization-break = A break in the history: no key of the claim before signed this one.
organization-older-claims = Older claims are among the entries.
organization-observed =
    { $count ->
        [one] The keys it lists were last seen to change { $time }: { $count } key.
       *[other] The keys it lists were last seen to change { $time }: { $count } keys.
    }
organization-drift = The domain did not list these keys of its newest claim when they were last seen to change:
