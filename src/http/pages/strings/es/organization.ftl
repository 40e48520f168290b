organization-title = Lo que consta sobre { $domain }
organization-description = Todas las entradas de este registro que nombran { $domain }, de la más reciente a la más antigua.
organization-eyebrow = Organización
organization-in-own-script = En su propia escritura: { $written }.
organization-look-alike = Ahí, nombres distintos pueden parecer iguales; la forma en letras latinas los distingue.
organization-total =
    { $count ->
        [one] { $count } entrada nombra este dominio.
       *[other] { $count } entradas nombran este dominio.
    }
organization-unclaimed = Nadie de { $domain } ha reclamado esta página.
organization-stated = Cada entrada es lo que declaran quienes la firmaron. Que conste no muestra que sea cierto.
organization-entries = Entradas
organization-shown = De la { $from } a la { $to } de { $total }, de la más reciente a la más antigua.
organization-newest = Entradas más recientes
organization-older = Entradas anteriores
organization-complete = ¿Está todo aquí?
organization-complete-text = Cada entrada que nombra { $domain } nombra también la anterior, por su número y su resumen, hasta llegar a la primera. Por eso no se puede omitir ninguna anterior a la más reciente que se muestra aquí sin que se vea un hueco.
organization-newest-entry = Entrada más reciente
organization-in-chain = Entradas en la cadena
organization-complete-audit = Para saber que estos enlaces son correctos y que no falta ninguna entrada más reciente hace falta una auditoría de todo el registro. Cualquiera puede hacerla:
organization-this-name = Cada página abarca exactamente un nombre de dominio. Los nombres por debajo o por encima de él tienen sus propias páginas.
organization-json = Las entradas en JSON
organization-nothing = Nada de lo que consta nombra este dominio.
organization-due = Qué vence ahora
organization-due-nothing = Nada que venza en un día está pendiente de ella.
organization-due-counts = Vencido: { $late }. Por venir: { $coming }.
organization-due-late = Vencido, no consta nada: { $what }, vencía el { $day }
organization-due-by = { $what }, hasta el { $day }
organization-due-thread = Hilo del acuerdo { $index }
organization-due-part = Solo se muestran los primeros. El calendario tiene más.
organization-claims = Quién la reclamó
organization-claimed = Reclamada el { $time }
organization-keys = Firmado por
organization-first-in =
    { $count ->
        [one] Declara que da una primera respuesta en { $count } día.
       *[other] Declara que da una primera respuesta en { $count } días.
    }
organization-final-in =
    { $count ->
        [one] Declara que da una respuesta final en { $count } día.
       *[other] Declara que da una respuesta final en { $count } días.
    }
organization-break = Una ruptura en la historia: ninguna clave de la reclamación anterior firmó esta.
organization-older-claims = Las reclamaciones anteriores están entre las entradas.
organization-observed =
    { $count ->
        [one] El último cambio visto en las claves que publica es del { $time }: { $count } clave.
       *[other] El último cambio visto en las claves que publica es del { $time }: { $count } claves.
    }
organization-drift = El dominio no publicaba estas claves de su reclamación más reciente cuando se vio el último cambio:
