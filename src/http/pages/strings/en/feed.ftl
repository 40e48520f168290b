# Feeds, and the links to them.
feed-of-ledger = Newest entries of { $origin }
feed-of-organization = { $domain } on the public record
feed-of-thread = Agreement { $index } with { $subjects }
feed-follow = To follow this:
feed-live = Live
