# Badge, card and element: what other sites show of an entry, and the page that makes the snippets.
badge-text = en el registro · entrada { $index }
badge-text-with = en el registro · entrada { $index } · { $domains }
badge-title = Entrada { $index } de { $origin }. Un distintivo es una imagen y no comprueba nada: eso lo hace la página de la entrada.
badge-title-with = Entrada { $index } de { $origin }, sobre { $domains }. Un distintivo es una imagen y no comprueba nada: eso lo hace la página de la entrada.

badge-counts =
    { $commitments ->
        [one] { $commitments } promesa
       *[other] { $commitments } promesas
    } · { $overdue } con plazo vencido · a las { $time } UTC
badge-withheld = retenido · a las { $time } UTC
badge-counts-old = no actual: a las { $time } UTC
badge-counts-title = { $name }, { $day }: { $says }. Deducido por el registro de sus entradas. Una insignia es una imagen y no comprueba nada.
shown-thread = Acuerdo { $index } de { $origin } con { $domains }
shown-organization = { $domain } en { $origin }
card-open-page = Abrir su página en { $origin }
card-title = Entrada { $index } de { $origin }: { $kind }
card-title-with = Entrada { $index } de { $origin }: { $kind }, { $subjects }
card-description = Una entrada de un registro público de acuerdos, comprobada en el navegador de quien la lee.
card-needs-script = Las comprobaciones las hace su navegador y necesitan JavaScript. La página de la entrada explica otra manera.
card-open = Abrir la entrada en { $origin }
card-missing = Ninguna entrada de { $origin } tiene este número y este hash. Puede que el enlace esté incompleto o sea de otro registro.
card-not-now = Esta entrada no se puede mostrar ahora mismo. Vuelva a cargar la página dentro de un momento.

proof-state-checking = Comprobando …
proof-state-verified = Verificado
proof-state-failed = No concuerda
proof-state-not_checked = No comprobado
proof-state-stale = Caducado
proof-means-checking = Su navegador está haciendo las comprobaciones.
proof-means-verified = Las comprobaciones concuerdan: esto es exactamente lo que se firmó, y consta en el registro. Eso no demuestra que lo dicho sea cierto. Comprobado: { $time }.
proof-means-failed = Lo que no concuerda: { $names }.
proof-means-stale = La última comprobación, { $time }, es demasiado antigua para contar.
proof-why-insecure = Esta página no llegó por https, y los navegadores no hacen estas comprobaciones en ella.
proof-why-unreachable = No se pudo llegar al registro desde aquí, o el sitio no lo permite.
proof-why-incomplete = No se encontró nada que no concuerde, pero no se pudo comprobar todo.
proof-why-no-entry = Aquí no se nombra ninguna entrada, ningún hilo ni organización.
proof-ledger = Registro: { $host }
proof-entry = Entrada { $index } de { $host }
proof-counts = Contado por el registro, no recalculado aquí. Se comprueba solo la entrada { $index }:
proof-again = Comprobar de nuevo
proof-details = Qué se comprobó
proof-key = Comprobado con la clave del propio registro, tal como la nombra su política en esta visita: { $key }

embed-title = Mostrar una entrada en su propio sitio
embed-lead = Cuatro maneras, desde un simple enlace hasta un elemento que se comprueba a sí mismo en el navegador de cada visitante.
embed-proves = Un enlace y un distintivo son palabras y una imagen: por sí solos no prueban nada. Solo la tarjeta y el elemento comprueban la entrada, de nuevo en cada visita, y nunca muestran «verificado» sin haberlo hecho.
embed-entry = Entrada, hilo u organización
embed-entry-hint = El número o enlace de una entrada, un dominio o la dirección de una página de este registro, como { $example }
embed-language = Idioma del distintivo y de la tarjeta
embed-make = Crear los fragmentos
embed-from-entry = Mostrarla en su propio sitio
embed-error-not-found = Nada de este registro tiene este número, enlace, resumen o dominio. Abra su página y copie la dirección desde allí.
embed-error-elsewhere = Esta dirección lleva a otro sitio. Los fragmentos los crea el registro que contiene la entrada, en su propia dirección.
embed-for = Fragmentos para
embed-link = Enlace
embed-link-text = Entrada { $index } de { $origin }
embed-link-what = Lleva a la página de la entrada, que hace las comprobaciones.
embed-badge = Enlace y distintivo
embed-badge-what = Una imagen con el número de la entrada y los dominios de los que trata. No comprueba nada, nunca es verde y nunca dice que algo concuerda.
embed-link-what-counts = Lleva a su página, que nombra las entradas de las que todo se deduce.
embed-badge-what-counts = Una imagen con dos números y el minuto al que corresponden. No comprueba nada, nunca es verde y, tras diez minutos en una página abierta, indica que no es actual.
embed-card-what-counts = Una página pequeña en un marco, con los números. En el navegador del visitante comprueba el acuerdo, o la entrada más nueva que nombra a la organización; no recalcula los números.
embed-element-what-counts = Lo mismo dentro de su propia página, desde un archivo cuya dirección no cambia. Toma el idioma de su página, entre los idiomas de este sitio.
embed-card = Tarjeta
embed-card-what = Una página pequeña dentro de un marco. Hace las comprobaciones en el navegador del visitante y muestra el resultado.
embed-element = Elemento
embed-element-what = Hace las comprobaciones dentro de su propia página, con un solo archivo cuya dirección no cambia. Toma el idioma de su página, entre los idiomas de este sitio.
embed-csp = La política de seguridad de contenido de su sitio debe permitir
embed-csp-nothing = nada
embed-csp-or = Si permite los scripts mediante un nonce, dé el suyo al elemento script.
embed-blocked = Cuando se bloquea
embed-blocked-link = Nada bloquea un enlace.
embed-blocked-badge = El texto del enlace ocupa el lugar de la imagen.
embed-blocked-card = El marco queda vacío. Sin scripts, la tarjeta dice «no comprobado» y enlaza a la entrada.
embed-blocked-element = El enlace que contiene permanece. Cuando no se puede llegar al registro dice «no comprobado», nunca «no concuerda».
embed-preview = Vista previa
embed-copy = Copiar
embed-copied = Copiado
embed-not-copied = El navegador no permitió copiarlo. Seleccione el texto y cópielo a mano.
embed-automatic = Sin ningún fragmento
embed-automatic-how = Los sitios que conocen oEmbed crean la tarjeta a partir de un simple enlace. Este registro les responde en { $address }.
