# What stands around every page.
frame-skip = Saltar al contenido
frame-navigation = Principal
frame-ledger = Registro
frame-verify = Verificar
frame-languages = Idiomas
frame-what-a-check-shows = Una comprobación muestra quién firmó qué, y que consta en este registro. Nunca muestra que lo dicho sea cierto.
frame-checkpoint = Punto de control
frame-policy = Política de verificación
frame-api = API
frame-health = Estado del servicio
frame-mirror = Esta es una réplica, una copia verificada, del registro en
frame-mirror-publish = Las declaraciones se publican allí.
frame-ended = Este registro ha terminado: no admite más entradas. El que continúa es
frame-ended-stays = Todas las entradas permanecen aquí y se siguen pudiendo verificar.
frame-ended-entry = La entrada que le puso fin

# Between the members of a list.
list-separator = {", "}

date-day = { $day } de { $month } de { $year }
date-month = { $month } de { $year }
date-moment = { $date }, { $time } UTC
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre
