# The page of the newest entries, as they come.
live-title = Live: what is put on record now
live-description = The newest entries of this ledger, and how many come while you read.
live-heading = Live
live-domain = Organization (domain)
live-kind = Kind
live-every-kind = Every kind
live-follow = Follow
live-newest = Newest entries
live-without-script = This list does not move by itself.
live-again = Show the newest entries
live-nothing = Nothing among the newest entries is of this kind or names this domain.
live-programs = A program follows the ledger so, and checks each entry as it comes:
live-script-connected = New entries are counted here as they come.
live-script-lost = The connection to the ledger is lost. It is tried again by itself; you miss nothing.
live-script-new = { $count } new: show them
live-script-erased = Entry { $index }: its words were erased just now
