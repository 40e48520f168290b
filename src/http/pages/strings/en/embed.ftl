# Badge, card and element: what other sites show of an entry, and the page that makes the snippets.
badge-text = on record · entry { $index }
badge-text-with = on record · entry { $index } · { $domains }
badge-title = Entry { $index } of { $origin }. A badge is a picture and checks nothing: the page of the entry does.
badge-title-with = Entry { $index } of { $origin }, about { $domains }. A badge is a picture and checks nothing: the page of the entry does.

badge-counts =
    { $commitments ->
        [one] { $commitments } promise
       *[other] { $commitments } promises
    } · { $overdue } overdue · as of { $time } UTC
badge-withheld = withheld · as of { $time } UTC
badge-counts-old = out of date: as of { $time } UTC
badge-counts-title = { $name }, { $day }: { $says }. Derived by the ledger from its entries. A badge is a picture and checks nothing.
shown-thread = Agreement { $index } of { $origin } with { $domains }
shown-organization = { $domain } on { $origin }
card-open-page = Open its page on { $origin }
card-title = Entry { $index } of { $origin }: { $kind }
card-title-with = Entry { $index } of { $origin }: { $kind }, { $subjects }
card-description = An entry of a public ledger of agreements, checked in the browser of whoever reads it.
card-needs-script = The checks are made by your browser and need JavaScript. The page of the entry tells of another way.
card-open = Open the entry on { $origin }
card-missing = No entry of { $origin } has this number and this hash. The link may be incomplete, or made for another ledger.
card-not-now = This entry cannot be shown just now. Load the page again in a moment.

proof-state-checking = Checking …
proof-state-verified = Verified
proof-state-failed = Failed
proof-state-not_checked = Not checked
proof-state-stale = Stale
proof-means-checking = Your browser is making the checks.
proof-means-verified = The checks hold: exactly this was signed, and it stands in the ledger. That does not show that the words are true. Checked { $time }.
proof-means-failed = What does not match: { $names }.
proof-means-stale = This was checked { $time }, and that is too long ago to count.
proof-why-insecure = This page did not come over https, and browsers make no such checks on it.
proof-why-unreachable = The ledger could not be reached from here, or the site does not allow it.
proof-why-incomplete = Nothing was found that does not match, but not everything could be checked.
proof-why-no-entry = No entry, thread or organization is named here.
proof-ledger = Ledger: { $host }
proof-entry = Entry { $index } of { $host }
proof-counts = Counted by the ledger, not recomputed here. What is checked is entry { $index } alone:
proof-again = Check again
proof-details = What was checked
proof-key = Checked under the ledger's own key, as its policy names it at this visit: { $key }

embed-title = Show an entry on your own site
embed-lead = Four ways, from a plain link to an element that checks itself in the browser of every visitor.
embed-proves = Links and badges are words and a picture: they prove nothing by themselves. Only the card and the element check the entry, anew at every visit, and they never show “verified” without having done so.
embed-entry = Entry, thread or organization
embed-entry-hint = The number or link of an entry, a domain, or the address of a page of this ledger, as in { $example }
embed-language = Language of badge and card
embed-make = Make the snippets
embed-from-entry = Show it on your own site
embed-error-not-found = Nothing of this ledger has this number, link, hash or domain. Open its page and copy the address from there.
embed-error-elsewhere = This address leads to another site. Snippets are made by the ledger that holds the entry, at its own address.
embed-for = Snippets for
embed-link = Link
embed-link-text = Entry { $index } of { $origin }
embed-link-what = Leads to the page of the entry, which runs the checks.
embed-badge = Link and badge
embed-badge-what = A picture with the number of the entry and the domains it is about. It checks nothing, is never green and never says that something holds.
embed-link-what-counts = Leads to its page, which names the entries that everything follows from.
embed-badge-what-counts = A picture with two counts and the minute they are of. It checks nothing, is never green, and says after ten minutes in an open page that it is out of date.
embed-card-what-counts = A small page in a frame, with the counts. In the visitor's browser it checks the agreement, or the newest entry that names the organization; it does not recompute the counts.
embed-element-what-counts = The same within your own page, from one file whose address stays. It takes the language of your page, in the languages of this site.
embed-card = Card
embed-card-what = A small page in a frame. It runs the checks in the visitor's browser and shows how they came out.
embed-element = Element
embed-element-what = Runs the checks within your own page, from one file whose address stays. It takes the language of your page, in the languages of this site.
embed-csp = The content security policy of your site must allow
embed-csp-nothing = nothing
embed-csp-or = Where it allows scripts by a nonce, give the script element yours.
embed-blocked = When it is blocked
embed-blocked-link = Nothing blocks a link.
embed-blocked-badge = The text of the link stands in place of the picture.
embed-blocked-card = The frame stays empty. Without scripts the card says “not checked” and links to the entry.
embed-blocked-element = The link inside it stays. When the ledger cannot be reached it says “not checked”, never “failed”.
embed-preview = Preview
embed-copy = Copy
embed-copied = Copied
embed-not-copied = The browser did not let it be copied. Select the text and copy it by hand.
embed-automatic = Without a snippet
embed-automatic-how = Sites that know oEmbed make the card from a plain link. This ledger answers them at { $address }.
