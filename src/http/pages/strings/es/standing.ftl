# How a thread stands: what its entries and the calendar add up to.
standing-heading = Cómo está
standing-as-of = A { $time }. Se deduce solo de las entradas y del calendario. Dice qué se declaró y qué vence, no qué es verdad.
standing-next = Próximo plazo: { $what }, hasta el { $day }.
standing-no-next = Nada vence en un día por venir.
standing-left-out =
    { $count ->
        [one] { $count } modificación, incumplimiento u oferta anterior está en la forma JSON.
       *[other] { $count } modificaciones, incumplimientos y ofertas anteriores están en la forma JSON.
    }
standing-signers = los firmantes
standing-task-keep = compromiso { $number }, a cargo de { $by }
standing-task-first-response = primera respuesta de { $by } a la entrada { $number }
standing-task-final-response = respuesta final de { $by } a la entrada { $number }
standing-task-accept = vence la oferta de la entrada { $number }

standing-agreement = Acuerdo, { $domain }
standing-amendment = Modificación en la entrada { $index }, { $domain }
standing-one-sided = Unilateral: no consta ningún pronunciamiento
standing-confirmed = Confirmado
standing-partly-confirmed = Confirmado en parte
standing-declined = Rechazado

standing-commitment = Compromiso { $number }, a cargo de { $by }
standing-open = Abierto, sin día señalado
standing-open-until = Abierto, vence el { $day }
standing-due-soon = Vence pronto, el { $day }
standing-overdue = Vencido: no consta nada, vencía el { $day }
standing-kept =
    { $who ->
        [debtor] Cumplido, según declara { $by }
       *[signers] Cumplido, según declaran los firmantes
    }
standing-kept-on-time =
    { $who ->
        [debtor] Cumplido a tiempo, según declara { $by }
       *[signers] Cumplido a tiempo, según declaran los firmantes
    }
standing-kept-late =
    { $who ->
        [debtor] Cumplido después de su último día, según declara { $by }
       *[signers] Cumplido después de su último día, según declaran los firmantes
    }
standing-partly-kept =
    { $who ->
        [debtor] Cumplido en parte, según declara { $by }
       *[signers] Cumplido en parte, según declaran los firmantes
    }
standing-broken = No cumplido, según declaran los firmantes
standing-contested = En disputa: { $by } declara más en la entrada { $index }.

standing-breach = Incumplimiento en la entrada { $index }, { $domain }
standing-awaiting = No consta respuesta, vence el { $day }
standing-first-overdue = Vencido: no consta respuesta, vencía el { $day }
standing-long-overdue = Vencido hace tiempo: no consta respuesta, la primera vencía el { $day } y la final el { $last }
standing-acknowledged = Recibido; la respuesta final vence el { $day }
standing-final-overdue = Recibido; vencido: no consta respuesta final, vencía el { $day }
standing-in-progress = En curso hasta el { $day }
standing-in-progress-overdue = En curso; vencido: no consta respuesta final, se esperaba hasta el { $day }
standing-final = Consta una respuesta final
standing-final-outcome = Resultado, según declara la organización: { $outcome }.

standing-outcome = Resultado, según los firmantes
standing-resolved = Resuelto
standing-partly-resolved = Resuelto en parte
standing-not-resolved = No resuelto
standing-unassessed = No consta ninguna valoración

standing-offer = Oferta de { $domain }
standing-offer-live = Abierta hasta el { $day }
standing-offer-expired = Caducada, abierta hasta el { $day }
standing-offer-accepted = Aceptada

standing-end = Fin
standing-withdrawn = Retirado por los firmantes el { $day }
standing-terminated = Terminación declarada
standing-terminated-on = Terminación declarada, con efecto el { $day }

standing-replies = Respuestas
standing-reply = Respuesta de { $domain }
