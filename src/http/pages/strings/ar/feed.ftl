# Feeds, and the links to them.
feed-of-ledger = أحدث قيود { $origin }
feed-of-organization = { $domain } في السجل العلني
feed-of-thread = الاتفاق { $index } مع { $subjects }
feed-follow = لمتابعة ذلك:
feed-live = مباشر
