# What is checked of a bundle or an entry, and how a check came out.
check-name-statement = Declaración
check-meaning-statement = Está bien formada y destinada a este registro.
check-name-signature = Firmas
check-meaning-signature = Cada clave nombrada como firmante firmó exactamente esta declaración.
check-name-key = Claves
check-meaning-key = Cada clave es sólida: nadie más que quien la tiene puede firmar con ella.
check-name-disclosures = Palabras
check-meaning-disclosures = Las palabras mostradas son aquellas sobre las que se firmó la declaración.
check-name-inclusion = Inclusión
check-meaning-inclusion = La entrada forma parte del árbol bajo el punto de control del registro.
check-name-log_signature = Firma del registro
check-meaning-log_signature = La clave del registro firmó ese punto de control.
check-name-prev = La entrada anterior
check-meaning-prev = Nombra la entrada anterior por el resumen que esa entrada tiene.
check-name-bytes = Archivo
check-meaning-bytes = Paquete, entrada y prueba están cada uno en su única forma.
check-name-witness_quorum = Testigos
check-meaning-witness_quorum = Tantos testigos como pide la política vieron ese punto de control.
check-name-time_bounds = Horas
check-meaning-time_bounds = Las horas indicadas concuerdan entre sí.

result-verified = verificado
result-failed = no concuerda
result-not_checked = no comprobado

outcome-verified = Se verifica
outcome-failed = No se verifica
outcome-not_checked = No se pudo comprobar

checks-verified = Las comprobaciones se hicieron en este navegador, y todo aquello en lo que se apoyan concuerda.
checks-failed = Lo que no concuerda: { $names }.
checks-not_checked = No se encontró nada que no concuerde, pero no se pudo comprobar todo.
