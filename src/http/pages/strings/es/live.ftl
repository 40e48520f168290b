# The page of the newest entries, as they come.
live-title = En directo: lo que queda ahora en el registro
live-description = Las entradas más recientes de este libro, y cuántas llegan mientras lees.
live-heading = En directo
live-domain = Organización (dominio)
live-kind = Tipo
live-every-kind = Todos los tipos
live-follow = Seguir
live-newest = Entradas más recientes
live-without-script = Esta lista no se mueve sola.
live-again = Mostrar las entradas más recientes
live-nothing = Ninguna de las entradas más recientes es de este tipo ni nombra este dominio.
live-programs = Un programa sigue así el libro y comprueba cada entrada según llega:
live-script-connected = Las entradas nuevas se cuentan aquí según llegan.
live-script-lost = Se ha perdido la conexión con el libro. Se intenta de nuevo por sí sola; no te pierdes nada.
live-script-new = Nuevas: { $count }. Mostrarlas
live-script-erased = Entrada { $index }: sus palabras se acaban de borrar
