entry-number = Entrada { $index }
entry-title = Entrada { $index }: { $heading }
entry-description = { $kind }: quién lo firmó, qué dice y cómo comprobarlo.
entry-description-with = { $kind }, { $subjects }: quién lo firmó, qué dice y cómo comprobarlo.
entry-heading-with = { $kind }: { $subjects }
entry-imported = Importado de { $source }. Quien firma es quien lo importó, no una de las partes.

# What the signers say by a statement of a kind.
says-acceptance = Quienes firmaron declaran que aceptan la oferta.
says-agreement = Quienes firman declaran que esto se acordó.
says-amendment = Quienes firman declaran una lista completamente nueva de compromisos. Solo la que firman todas las partes cambia lo que se debe.
says-assessment = Quienes firman declaran si, a su juicio, el asunto está resuelto.
says-breach = Quienes firman declaran que hay compromisos que no se cumplieron.
says-claim = Una clave que el dominio publica declara que habla en su nombre desde ahora.
says-countersignature = La organización declara si confirma lo acordado.
says-erasure = Quienes firman hicieron borrar definitivamente palabras de una entrada anterior. Esa entrada y sus pruebas siguen como antes.
says-fulfilment = Quienes firman declaran que se cumplieron compromisos.
says-moderation = Quien administra este registro retuvo, restauró o borró palabras, y declara por qué.
says-notice = Quienes firman piden a quien administra el registro que retenga palabras de una entrada, y declaran por qué.
says-observation = Quien administra este registro declara qué claves publicaba el dominio cuando se le preguntó.
says-offer = Una organización que no es parte del acuerdo declara lo que haría.
says-policy = Quien administra este registro declara las reglas con las que se admiten entradas de aquí en adelante.
says-response = La organización declara su respuesta.
says-reveal = Quienes firman hicieron públicas palabras selladas de una entrada anterior.
says-termination = Quienes firman declaran que ponen fin al acuerdo.
says-withdrawal = Quienes firman retiran su parte. Después solo pueden declarar si el asunto está resuelto.

entry-commitments = Lo que se acordó
commitment-by = A cargo de
commitment-by-signer = quienes firmaron el acuerdo
commitment-due = plazo

entry-facts = Lo que se firmó
entry-admitted = Admitida por el registro
entry-claimed-at = Hora que declaran quienes firman
entry-signed-by =
    { $count ->
        [one] Firmada con esta clave
       *[other] Firmada con estas claves
    }
entry-key-is-no-name = Una clave no es un nombre. Quién la tiene no forma parte del registro, salvo que las palabras lo digan.

entry-checks = Comprobaciones
entry-checks-show = Las comprobaciones muestran que quienes tienen estas claves firmaron exactamente esto, y que consta en este registro sin cambios. No muestran que lo dicho sea cierto ni quién tiene una clave.
entry-checks-by-program = Cualquiera puede hacerlas, sin tener que confiar en este servidor:

entry-stands = Dónde se encuentra
entry-thread = El acuerdo y todo lo declarado sobre él desde entonces
chain-ledger = Anterior en el registro
chain-agreement = El acuerdo
chain-thread = En el hilo del acuerdo
chain-organization = Sobre { $domain }
chain-key = Firmadas con la clave { $number }
chain-first = la primera entrada
chain-place = entrada número { $place }, después de

entry-forms = Para guardar y comprobar
entry-bundle = Paquete
entry-proof = Prueba
entry-json = JSON
entry-bundle-proves = El paquete contiene la entrada, sus palabras públicas y la prueba. Se puede comprobar sin este servidor.
entry-what-is-what = Qué es cada cosa en esta página
part-of-page-entry = Entrada
part-of-page-meaning-entry = Lo que el registro añadió: una declaración firmada con un número, una hora y los resúmenes de las entradas anteriores.
part-of-page-statement = Declaración
part-of-page-meaning-statement = Lo que se firmó: los campos, y un resumen de cada una de las palabras.
part-of-page-key = Clave
part-of-page-meaning-key = Aquello con lo que se comprueban las firmas. Su mitad secreta se queda con quien firmó.
part-of-page-words = Palabras
part-of-page-meaning-words = Textos que acompañan a la declaración, de modo que cada uno puede ser público o estar sellado, retenido o borrado mientras la firma sigue siendo válida.
part-of-page-checkpoint = Punto de control
part-of-page-meaning-checkpoint = La firma del registro sobre todo lo que contiene hasta cierto número de entradas. Nada por debajo de ese número puede cambiar sin que se note.
entry-technical = Detalles técnicos
technical-leaf-hash = Resumen de la hoja
technical-statement-id = Identificador de la declaración
technical-checkpoint-size = Entradas que cubre el punto de control
technical-statement = La declaración tal como se firmó, dispuesta en varias líneas
technical-links = Los resúmenes de las entradas anteriores, cadena por cadena

entry-withheld = Quien administra este registro retiene lo que dice esta entrada. Sigue donde estaba, y todas las pruebas se verifican.
withheld-by = Retenido el { $date } por quien administra este registro. Fundamento: { $ground }.
state-not-checked = aún sin comprobar
state-sealed = sellado
state-withheld = retenido
state-erased = borrado
state-meaning-sealed = Nunca se envió. Quien firmó puede hacerlo público más tarde, y el resumen muestra entonces que es lo mismo.
state-meaning-withheld = El registro lo conserva y no lo muestra.
state-meaning-erased = Se borró definitivamente. Todo lo demás sigue siendo comprobable.

word-title = Título
word-commitment = Compromiso { $number }
word-evidence = Documento de apoyo { $number }
word-narrative = Lo que ocurrió
word-note = Nota
word-rules = Reglas
word-signer_name = Nombre que da quien firma
word-terms = Condiciones
word-contact = Contacto
word-delay_reason = Motivo del retraso
word-explanation = Explicación
word-facts = Hechos
word-legal_name = Nombre legal, según la organización
word-price = Precio
word-other = Parte { $name }
word-not-known = Palabras cuyo nombre ya no se conoce
part-bytes = Tamaño
part-bytes-count =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
part-label = Descripción
part-media_type = Tipo
part-salt = Sal
part-sha256 = SHA-256
part-title = Título
part-url = Dirección

field-again = Volvería a acordar algo con ella
field-agreed_on = Acordado el
field-basis = Cómo se acordó
field-by = Quién hace la modificación
field-commitment_numbers = Números de los compromisos
field-decision = Decisión
field-desired_outcome = Lo que se pide
field-digests = Palabras afectadas
field-document_sha256 = SHA-256 del documento
field-domain = Declarado por la organización
field-effective = Con efecto desde
field-expected_final_by = Respuesta final prevista antes de
field-expires = Vale hasta
field-extent = En qué medida
field-final_days = Plazo para una respuesta definitiva
field-ground = Fundamento
field-imported_from = Importado de
field-keys = Claves que publica el dominio
field-lang = Idioma de las palabras
field-method = Cómo se preguntó
field-observed = Dominio al que se preguntó
field-occurred_on = Cuándo
field-offers = Ofertas de otras organizaciones
field-operator_keys = Claves de quien administra
field-outcome = En qué queda
field-predecessor = Registro anterior a este
field-re = La entrada afectada
field-reason = Motivo
field-reserved_domains = Se admiten nombres de dominio reservados para ejemplos
field-resolved = Resuelto
field-response_days = Plazo para una respuesta
field-role = Quién lo pide
field-satisfaction = Satisfacción
field-since = Desde
field-source = Qué llevó a ello
field-stage = Etapa
field-subjects = Con
field-verdict = Veredicto

token-basis-written = por escrito
token-basis-online_terms = mediante condiciones en un sitio web
token-basis-spoken = de palabra
token-basis-chat = en un chat
token-basis-statutory = por ley
token-basis-myterms = mediante condiciones que puso la persona
token-by-mutual = todas las partes
token-by-unilateral = una de las partes
token-desired_outcome-explanation = una explicación
token-desired_outcome-refund = un reembolso
token-desired_outcome-credit = un abono
token-desired_outcome-repair = una reparación
token-desired_outcome-replacement = una sustitución
token-desired_outcome-correction = una corrección
token-desired_outcome-apology = una disculpa
token-desired_outcome-policy_change = un cambio de política
token-desired_outcome-none = nada
token-extent-full = por completo
token-extent-partial = en parte
token-offers-welcome = bienvenidas
token-offers-closed = no deseadas
token-reason-privacy = privacidad
token-reason-mistake = un error
token-reason-other = otro
token-resolved-yes = sí
token-resolved-partly = en parte
token-resolved-no = no
token-decision-withheld = retenido
token-decision-restored = restaurado
token-decision-erased = borrado
token-ground-privacy = privacidad
token-ground-defamation = difamación
token-ground-court_order = una orden judicial
token-ground-impersonation = suplantación de identidad
token-ground-illegal = contrario a la ley
token-ground-copyright = derechos de autor
token-ground-spam = correo basura
token-method-https = por https
token-method-dns = en el DNS
token-method-both = por https y en el DNS
token-outcome-explanation = una explicación
token-outcome-refund = un reembolso
token-outcome-credit = un abono
token-outcome-repair = una reparación
token-outcome-replacement = una sustitución
token-outcome-correction = una corrección
token-outcome-apology = una disculpa
token-outcome-policy_change = un cambio de política
token-outcome-none = nada
token-reason-not_our_customer = no es cliente de esta organización
token-reason-wrong_organization = se trata de otra organización
token-reason-duplicate = ya consta en el registro
token-reason-terms_differ = se acordaron otros términos
token-role-subject_person = la persona de la que tratan las palabras
token-role-organization = una organización
token-role-authority = una autoridad
token-role-other = otra persona
token-source-notice = un aviso
token-source-own_initiative = revisión propia de quien administra el registro
token-source-author = quien lo escribió
token-source-court = un tribunal
token-stage-acknowledged = recibida
token-stage-in_progress = en curso
token-stage-final = final
token-verdict-confirmed = confirmado
token-verdict-partly = confirmado en parte
token-verdict-declined = rechazado
words-none = ninguna: la entrada misma
answer-yes = sí
answer-no = no
days =
    { $count ->
        [one] { $count } día
       *[other] { $count } días
    }
of-five = { $number } de 5
