file-what = Este es el archivo que firma el programa. Compruebe cada línea.
file-forever = Los dominios, las fechas, el idioma, quién debe qué y hasta cuándo, y un resumen de cada palabra quedan en el registro para siempre. Las palabras que no estén selladas son públicas.
file-download = Guardar el archivo agreement.toml
file-then = Después, en su propio equipo
file-then-text = Con el programa { $program }, en la carpeta en la que está el archivo:
file-then-key = Crea una clave junto al archivo y pide una frase de contraseña. Guarde ambas: solo con ellas podrá añadir algo al acuerdo más adelante.
