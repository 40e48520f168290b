# An entry in a list.
line-imported = Importado de { $source }; quien firma es quien lo importó, no una de las partes.
line-signed-by =
    { $count ->
        [one] firmado con { $count } clave
       *[other] firmado con { $count } claves
    }
