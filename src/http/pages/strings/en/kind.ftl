# What a kind of statement is called.
kind-agreement = Agreement
kind-amendment = Amendment
kind-assessment = Assessment
kind-breach = Commitment not kept
kind-erasure = Erasure
kind-fulfilment = Commitment kept
kind-policy = Ledger policy
kind-reveal = Reveal
kind-termination = Termination
kind-withdrawal = Withdrawal
kind-not-known = Statement of kind { $kind }
