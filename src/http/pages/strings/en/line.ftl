# An entry in a list.
line-imported = Imported from { $source }; the signer is the importer, not a party.
line-signed-by =
    { $count ->
        [one] signed by { $count } key
       *[other] signed by { $count } keys
    }
