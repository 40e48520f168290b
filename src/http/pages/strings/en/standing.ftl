# How a thread stands: what its entries and the calendar add up to.
standing-heading = How it stands
standing-as-of = As of { $time }. This follows from the entries and the calendar alone. It says what was stated and what is due, not what is true.
standing-next = Next deadline: { $what }, by { $day }.
standing-no-next = Nothing is due on a coming day.
standing-left-out =
    { $count ->
        [one] { $count } older amendment, breach or offer is in the JSON form.
       *[other] { $count } older amendments, breaches and offers are in the JSON form.
    }
standing-signers = the signers
standing-task-keep = commitment { $number }, owed by { $by }
standing-task-first-response = first response by { $by } to entry { $number }
standing-task-final-response = final response by { $by } to entry { $number }
standing-task-accept = the offer in entry { $number } expires

standing-agreement = Agreement, { $domain }
standing-amendment = Amendment in entry { $index }, { $domain }
standing-one-sided = One-sided: no verdict recorded
standing-confirmed = Confirmed
standing-partly-confirmed = Confirmed in part
standing-declined = Declined

standing-commitment = Commitment { $number }, owed by { $by }
standing-open = Open, no day named
standing-open-until = Open, due { $day }
standing-due-soon = Due soon, by { $day }
standing-overdue = Overdue: nothing recorded, due { $day }
standing-kept =
    { $who ->
        [debtor] Kept, as { $by } states
       *[signers] Kept, as the signers state
    }
standing-kept-on-time =
    { $who ->
        [debtor] Kept on time, as { $by } states
       *[signers] Kept on time, as the signers state
    }
standing-kept-late =
    { $who ->
        [debtor] Kept after its last day, as { $by } states
       *[signers] Kept after its last day, as the signers state
    }
standing-partly-kept =
    { $who ->
        [debtor] Kept in part, as { $by } states
       *[signers] Kept in part, as the signers state
    }
standing-broken = Not kept, as the signers state
standing-contested = Contested: { $by } states more in entry { $index }.

standing-breach = Breach in entry { $index }, { $domain }
standing-awaiting = No response recorded, due { $day }
standing-first-overdue = Overdue: no response recorded, due { $day }
standing-long-overdue = Long overdue: no response recorded, first due { $day }, final due { $last }
standing-acknowledged = Acknowledged; final response due { $day }
standing-final-overdue = Acknowledged; overdue: no final response recorded, due { $day }
standing-in-progress = In progress until { $day }
standing-in-progress-overdue = In progress; overdue: no final response recorded, expected by { $day }
standing-final = Final response recorded
standing-final-outcome = Outcome, as the organization states: { $outcome }.

standing-outcome = Outcome, as the signers see it
standing-resolved = Resolved
standing-partly-resolved = Resolved in part
standing-not-resolved = Not resolved
standing-unassessed = No assessment recorded

standing-offer = Offer by { $domain }
standing-offer-live = Open until { $day }
standing-offer-expired = Expired, open until { $day }
standing-offer-accepted = Accepted

standing-end = End
standing-withdrawn = Withdrawn by the signers on { $day }
standing-terminated = Termination stated
standing-terminated-on = Termination stated, effective { $day }

standing-replies = Replies
standing-reply = Reply of { $domain }
