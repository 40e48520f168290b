moderation-title = Notices and decisions
moderation-description = Every notice that asked for words to be withheld, and every decision of the operator, newest first.
moderation-lead = Whoever objects to words on record gives notice. What the operator withholds, restores or erases is an entry itself: which words, on what ground, and why. Entries are never removed.
moderation-nothing = No notice was given, and nothing was withheld.
moderation-json = Notices and decisions as JSON
moderation-from-ledger = Notices and decisions
