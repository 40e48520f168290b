thread-title = { $title }: el acuerdo y lo que siguió
thread-title-with = Acuerdo con { $subjects } y lo que siguió
thread-description = Un acuerdo con { $subjects } y todo lo declarado sobre él desde entonces, en el orden del registro.
thread-eyebrow = El acuerdo y lo que siguió
thread-lead = El acuerdo y todo lo declarado sobre él desde entonces, en el orden en que este registro lo admitió. Cada entrada es lo que declaran quienes la firmaron.
thread-earlier =
    { $count ->
        [one] { $count } entrada entre medias: mostrarla
       *[other] { $count } entradas entre medias: mostrar las últimas de ellas
    }
thread-newest = Mostrar las entradas más recientes
thread-nothing-since = Desde entonces no se ha declarado nada sobre él.
thread-check = Entrada { $index } con sus comprobaciones
thread-bundle = Paquete de la entrada { $index }
thread-json = El hilo en JSON
