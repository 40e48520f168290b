# What a kind of statement is called.
kind-agreement = Acuerdo
kind-amendment = Modificación
kind-assessment = Valoración
kind-breach = Compromiso incumplido
kind-erasure = Borrado
kind-fulfilment = Compromiso cumplido
kind-policy = Política del registro
kind-reveal = Revelación
kind-termination = Fin del acuerdo
kind-withdrawal = Retirada
kind-not-known = Declaración de tipo { $kind }
