moderation-title = Avisos y decisiones
moderation-description = Todos los avisos que pidieron retener palabras y todas las decisiones de quien administra el registro, primero lo más reciente.
moderation-lead = Quien objeta palabras del registro da aviso. Lo que quien administra el registro retiene, restaura o borra es también una entrada: qué palabras, con qué fundamento y por qué. Las entradas nunca se quitan.
moderation-nothing = No se dio ningún aviso ni se retuvo nada.
moderation-json = Avisos y decisiones en JSON
moderation-from-ledger = Avisos y decisiones
