# Feeds, and the links to them.
feed-of-ledger = Entradas más recientes de { $origin }
feed-of-organization = { $domain } en el registro público
feed-of-thread = Acuerdo { $index } con { $subjects }
feed-follow = Para seguir esto:
feed-live = En directo
