# What stands around every page.
frame-skip = Skip to the content
frame-navigation = Main
frame-ledger = Ledger
frame-verify = Verify
frame-languages = Languages
frame-what-a-check-shows = A check shows who signed what, and that it stands in this ledger. It never shows that the words are true.
frame-checkpoint = Checkpoint
frame-policy = Policy to verify with
frame-api = API
frame-health = Health
frame-mirror = This is a mirror, a verified copy, of the ledger at
frame-mirror-publish = Statements are published there.
frame-ended = This ledger has ended: it takes no more entries. The one that goes on is
frame-ended-stays = Every entry stays here and keeps verifying.
frame-ended-entry = The entry that ended it

# Between the members of a list.
list-separator = {", "}

date-day = { $day } { $month } { $year }
date-month = { $month } { $year }
date-moment = { $date }, { $time } UTC
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
