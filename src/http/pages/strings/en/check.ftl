# What is checked of a bundle or an entry, and how a check came out.
check-name-statement = Statement
check-meaning-statement = It is well formed and meant for this ledger.
check-name-signature = Signatures
check-meaning-signature = Every key named as a signer signed exactly this statement.
check-name-key = Keys
check-meaning-key = Every key is a sound one, with which nobody but its holder can sign.
check-name-disclosures = Words
check-meaning-disclosures = The words shown are the ones the statement was signed over.
check-name-inclusion = Inclusion
check-meaning-inclusion = The entry is part of the tree under the ledger's checkpoint.
check-name-log_signature = Signature of the ledger
check-meaning-log_signature = The ledger's key signed that checkpoint.
check-name-prev = The entry before
check-meaning-prev = It names the entry before it by the hash that entry has.
check-name-bytes = File
check-meaning-bytes = Bundle, entry and proof are each in their one form.
check-name-witness_quorum = Witnesses
check-meaning-witness_quorum = As many witnesses as the policy asks for saw that checkpoint.
check-name-time_bounds = Times
check-meaning-time_bounds = The times stated agree with each other.

result-verified = verified
result-failed = failed
result-not_checked = not checked

outcome-verified = It verifies
outcome-failed = It does not verify
outcome-not_checked = It could not be checked

checks-verified = The checks were made in this browser, and what they rest on holds.
checks-failed = What does not match: { $names }.
checks-not_checked = Nothing was found that does not match, but not everything could be checked.
