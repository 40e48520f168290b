home-title = onrecord: acuerdos en el registro público
home-heading = Acuerdos en el registro público
home-lead = Una persona firma lo que acordó con una organización. Cualquiera puede comprobarlo, para siempre, sin tener que confiar en quien administra este registro.
home-latest = Últimas entradas
home-starting = Se mostrarán en un momento: el registro acaba de arrancar.
home-entries-in-all =
    { $count ->
        [one] { $count } entrada en total.
       *[other] { $count } entradas en total.
    }
home-as-json = Todas las entradas en JSON
home-begin = En 60 segundos
home-begin-text = Con el programa { $program }: cree una clave, escriba un acuerdo, fírmelo, publíquelo y compruebe lo que ha recibido.
home-begin-after = Su clave nunca sale de su equipo. El paquete que recibe demuestra la entrada sin este servidor; consérvelo. Lo publicado no se puede retirar, pero sus palabras se pueden borrar.
