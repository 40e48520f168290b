thread-title = { $title }: the agreement and what followed
thread-title-with = Agreement with { $subjects } and what followed
thread-description = An agreement with { $subjects } and everything stated about it since, in the order of the ledger.
thread-eyebrow = Agreement and what followed
thread-lead = The agreement, and everything stated about it since, in the order in which this ledger admitted it. Each entry is what those who signed it state.
thread-earlier =
    { $count ->
        [one] { $count } entry in between: show it
       *[other] { $count } entries in between: show the latest of them
    }
thread-newest = Show the newest entries
thread-nothing-since = Nothing was stated about it since.
thread-check = Entry { $index } with its checks
thread-bundle = Bundle of entry { $index }
thread-json = The thread as JSON
