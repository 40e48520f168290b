home-title = onrecord: agreements, on the public record
home-heading = Agreements, on the public record
home-lead = A person signs what was agreed with an organization. Anyone can check it, for ever, without trusting whoever runs this ledger.
home-latest = Latest entries
home-starting = They are shown in a moment: the ledger was just started.
home-entries-in-all =
    { $count ->
        [one] { $count } entry in all.
       *[other] { $count } entries in all.
    }
home-as-json = All entries as JSON
home-begin = In 60 seconds
home-begin-text = With the program { $program }: make a key, write an agreement, sign it, publish it, and check what you got back.
home-begin-after = Your key never leaves your machine. The bundle that comes back proves the entry without this server; keep it. What is published cannot be taken back, but its words can be erased.
